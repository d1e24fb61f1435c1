// What the calls of a client share. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_CLIENT_CORE_H_
#define FIVESTRAND_PLATFORM_RPC_CLIENT_CORE_H_

#include <atomic>
#include <condition_variable>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>

#include "platform/rpc/client.h"

namespace fivestrand::rpc {

// A call under way: kept in the client's set until its last event has come.
class ClientCall {
 public:
  virtual ~ClientCall() = default;
  // An event of the queue.
  virtual void Proceed(bool ok) = 0;
  // From any thread.
  virtual void Abort() = 0;
};

class ClientCore {
 public:
  ClientCore(std::shared_ptr<grpc::Channel> channel, ClientOptions client_options);
  ~ClientCore();

  const ClientOptions options;
  grpc::GenericStub stub;
  grpc::CompletionQueue queue;

  // False when the client ends; the call must not start then.
  bool Add(const std::shared_ptr<ClientCall>& call);
  void Remove(const std::shared_ptr<ClientCall>& call);
  bool stopping() const { return stopping_.load(std::memory_order_acquire); }
  // Between 0.5 and 1.
  double Jitter();

 private:
  void Poll();

  std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_set<std::shared_ptr<ClientCall>> calls_;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> jitter_{0};
  std::thread poller_;
};

// Sets deadline and metadata.
void Prepare(const CallOptions& options, absl::Time deadline, grpc::ClientContext* context);

void StartUnary(ClientCore* core, std::string path, grpc::ByteBuffer request, const CallOptions& options,
                std::function<void(absl::Status, grpc::ByteBuffer)> done);
std::shared_ptr<StreamCall> StartStream(ClientCore* core, std::string path, grpc::ByteBuffer request, const CallOptions& options,
                                        std::function<StreamFlow(grpc::ByteBuffer)> on_message,
                                        std::function<void(absl::Status)> on_done);
std::unique_ptr<UploadCall> StartUpload(ClientCore* core, std::string path, const CallOptions& options);

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_CLIENT_CORE_H_
