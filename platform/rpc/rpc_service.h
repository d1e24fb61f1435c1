// A grpc::Service made from descriptors, whose methods all take and give bytes. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_RPC_SERVICE_H_
#define FIVESTRAND_PLATFORM_RPC_RPC_SERVICE_H_

#include <deque>
#include <grpcpp/completion_queue.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <string>

namespace fivestrand::rpc {

// What the completion queue gives back.
class Tag {
 public:
  virtual void Proceed(bool ok) = 0;

 protected:
  ~Tag() = default;
};

class RpcService final : public grpc::Service {
 public:
  // All methods are added before the server is built. Returns the index for the requests.
  int Add(std::string path, grpc::internal::RpcMethod::RpcType type) {
    paths_.push_back(std::move(path));
    AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(), type, nullptr));
    const int index = static_cast<int>(paths_.size()) - 1;
    MarkMethodRaw(index);
    return index;
  }

  void RequestUnary(int index, grpc::ServerContext* context, grpc::ByteBuffer* request,
                    grpc::internal::ServerAsyncStreamingInterface* responder, grpc::ServerCompletionQueue* queue, Tag* tag) {
    RequestAsyncUnary(index, context, request, responder, queue, queue, tag);
  }

  void RequestServerStream(int index, grpc::ServerContext* context, grpc::ByteBuffer* request,
                           grpc::internal::ServerAsyncStreamingInterface* writer, grpc::ServerCompletionQueue* queue, Tag* tag) {
    RequestAsyncServerStreaming(index, context, request, writer, queue, queue, tag);
  }

  void RequestClientStream(int index, grpc::ServerContext* context, grpc::internal::ServerAsyncStreamingInterface* reader,
                           grpc::ServerCompletionQueue* queue, Tag* tag) {
    RequestAsyncClientStreaming(index, context, reader, queue, queue, tag);
  }

 private:
  // gRPC keeps the pointers to the texts, and a deque does not move them.
  std::deque<std::string> paths_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_RPC_SERVICE_H_
