// What the calls of a server share. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_SERVER_CORE_H_
#define FIVESTRAND_PLATFORM_RPC_SERVER_CORE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <grpcpp/completion_queue.h>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"

#include "platform/rpc/method_entry.h"
#include "platform/rpc/method_metrics.h"
#include "platform/rpc/server.h"
#include "platform/rpc/worker_pool.h"

namespace fivestrand::rpc {

class OpenStream;

// Thread-safe, except what Server sets before it listens.
class ServerCore {
 public:
  explicit ServerCore(ServerOptions server_options);
  ~ServerCore();

  const ServerOptions options;
  std::unique_ptr<grpc::ServerCompletionQueue> queue;
  std::atomic<std::size_t> in_flight{0};

  // Asks the transport for the next call of the method, unless the server stops.
  void Accept(MethodEntry* entry);

  // Runs `work` on the pool; false, and `work` is dropped, when too much waits.
  bool Dispatch(std::function<void()> work);
  // Before DispatchUpload; starts the threads for it.
  void StartUploads();
  // Like Dispatch, for bodies of client streams.
  bool DispatchUpload(std::function<void()> work);
  void StopPools();

  std::string NewRequestId();

  // What waits for an event of the queue is counted, so that the queue is closed only when nothing does.
  void AddWaiter() { waiters_.fetch_add(1, std::memory_order_relaxed); }
  void RemoveWaiter();
  // No Accept has an effect from now on.
  void StopAccepting();
  void AwaitWaiters();

  // RESOURCE_EXHAUSTED or UNAVAILABLE when there are too many streams or the server stops.
  absl::Status AddStream(const std::shared_ptr<OpenStream>& stream);
  void RemoveStream(OpenStream* stream);
  void EndStreams();

  void CountRefusedCall();
  void CountSlowReader();
  void SampleGauges();
  // One line at the edge when a person should see it. Expected refusals are only debug lines.
  void LogFailure(const MethodEntry& entry, const CallContext& context, const absl::Status& status);

 private:
  ServerMetrics metrics_;
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<WorkerPool> uploads_;
  std::atomic<std::size_t> waiters_{1};  // One for the server itself, until it stops.
  std::mutex mutex_;
  std::condition_variable no_waiters_;
  bool accepting_ = true;
  std::mutex streams_mutex_;
  bool ending_streams_ = false;
  std::unordered_map<OpenStream*, std::weak_ptr<OpenStream>> streams_;
  const uint64_t id_seed_;
  std::atomic<uint64_t> next_id_{0};
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_SERVER_CORE_H_
