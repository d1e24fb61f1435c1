#include "tests/bench/echo.h"

#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>
#include <thread>
#include <vector>

#include "platform/rpc/bytes.h"

namespace fivestrand::bench {
namespace {

class RawService : public grpc::Service {
 public:
  explicit RawService(const std::string& path) : path_(path) {
    AddMethod(new grpc::internal::RpcServiceMethod(path_.c_str(), grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodRaw(0);
  }
  void Request(grpc::ServerContext* context, grpc::ByteBuffer* request, grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>* writer,
               grpc::ServerCompletionQueue* queue, void* tag) {
    RequestAsyncUnary(0, context, request, writer, queue, queue, tag);
  }

 private:
  const std::string path_;
};

struct EchoCall {
  grpc::ServerContext context;
  grpc::ByteBuffer request;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer{&context};
  bool answered = false;
};

}  // namespace

class EchoServer::Impl {
 public:
  Impl(const std::string& path, std::string reply) : service_(path), reply_(std::make_shared<const std::string>(std::move(reply))) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    queue_ = builder.AddCompletionQueue();
    server_ = builder.BuildAndStart();
    thread_ = std::thread([this] { Serve(); });
  }

  ~Impl() {
    server_->Shutdown(std::chrono::system_clock::now());
    queue_->Shutdown();
    thread_.join();
  }

  int port() const { return port_; }

 private:
  void Await() {
    auto* call = new EchoCall;
    service_.Request(&call->context, &call->request, &call->writer, queue_.get(), call);
  }

  void Serve() {
    for (int i = 0; i < 128; ++i) Await();
    void* tag = nullptr;
    bool ok = false;
    while (queue_->Next(&tag, &ok)) {
      auto* call = static_cast<EchoCall*>(tag);
      if (!ok || call->answered) {
        delete call;
        continue;
      }
      Await();
      call->answered = true;
      call->writer.Finish(rpc::ToByteBuffer(reply_), grpc::Status::OK, call);
    }
  }

  int port_ = 0;
  RawService service_;
  std::shared_ptr<const std::string> reply_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::thread thread_;
};

EchoServer::EchoServer(const std::string& path, std::string reply) : impl_(std::make_unique<Impl>(path, std::move(reply))) {}
EchoServer::~EchoServer() = default;
int EchoServer::port() const {
  return impl_->port();
}

}  // namespace fivestrand::bench
