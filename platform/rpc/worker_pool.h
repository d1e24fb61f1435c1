// Threads for bodies that may wait, behind a queue with a limit.
#ifndef FIVESTRAND_PLATFORM_RPC_WORKER_POOL_H_
#define FIVESTRAND_PLATFORM_RPC_WORKER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fivestrand::rpc {

// Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t queue_limit);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  // Runs what is queued, then ends.
  ~WorkerPool();

  // False, and `work` is dropped, when the queue is full.
  bool Submit(std::function<void()> work);
  std::size_t queued() const;

 private:
  void Work();

  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_WORKER_POOL_H_
