#include "services/assessment/domain/crew.h"

#include <algorithm>

namespace fivestrand::assessment::domain {

Crew::Crew(int helpers) {
  if (helpers < 0) helpers = std::clamp(static_cast<int>(std::thread::hardware_concurrency()) - 1, 0, 7);
  for (int i = 1; i <= helpers; ++i) threads_.emplace_back([this, i] { Serve(i); });
}

Crew::~Crew() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Crew::Take(const Work& work, int tasks, int worker) {
  for (int task = next_.fetch_add(1); task < tasks; task = next_.fetch_add(1)) work(task, worker);
}

void Crew::Serve(int worker) {
  int seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_ || (round_ != seen && work_ != nullptr); });
    if (stop_) return;
    seen = round_;
    const Work* work = work_;
    const int tasks = tasks_;
    ++working_;
    lock.unlock();
    Take(*work, tasks, worker);
    lock.lock();
    if (--working_ == 0) idle_.notify_all();
  }
}

void Crew::Run(int tasks, Work work) {
  std::unique_lock busy(busy_, std::try_to_lock);
  if (!busy.owns_lock() || threads_.empty() || tasks < 2) {
    for (int task = 0; task < tasks; ++task) work(task, 0);
    return;
  }
  {
    std::lock_guard lock(mutex_);
    work_ = &work;
    tasks_ = tasks;
    next_ = 0;
    ++round_;
  }
  wake_.notify_all();
  Take(work, tasks, 0);
  std::unique_lock lock(mutex_);
  // Whoever has not woken up by now finds nothing to do.
  work_ = nullptr;
  idle_.wait(lock, [&] { return working_ == 0; });
}

}  // namespace fivestrand::assessment::domain
