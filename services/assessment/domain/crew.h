// A few threads that share the work of one scan.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_CREW_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_CREW_H_

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"

namespace fivestrand::assessment::domain {

// Thread-safe. The caller of Run works too; while one Run has the helpers, another does its work alone, so nobody waits.
class Crew {
 public:
  // `helpers` threads beside the caller; negative: one fewer than the machine has cores, at most seven.
  explicit Crew(int helpers = -1);
  ~Crew();

  // Calls `work` for 0 to tasks - 1, each once, on any of the threads, and returns when all are done. `worker` is below width() and
  // no two calls with the same one run at once.
  void Run(int tasks, absl::FunctionRef<void(int task, int worker)> work);
  int width() const { return static_cast<int>(threads_.size()) + 1; }

 private:
  using Work = absl::FunctionRef<void(int, int)>;

  void Serve(int worker);
  void Take(const Work& work, int tasks, int worker);

  std::mutex busy_;  // held by the Run that has the helpers
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  const Work* work_ = nullptr;
  int tasks_ = 0;
  std::atomic<int> next_{0};
  int round_ = 0;
  int working_ = 0;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_CREW_H_
