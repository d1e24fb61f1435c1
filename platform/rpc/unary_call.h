// One unary call on the transport. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_UNARY_CALL_H_
#define FIVESTRAND_PLATFORM_RPC_UNARY_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/rpc/prepare.h"
#include "platform/rpc/reply.h"
#include "platform/rpc/rpc_service.h"

namespace fivestrand::rpc {

// Lives from the request for it to the event that follows its answer, and deletes itself then. Exactly one Finish per call.
class UnaryCall final : public Tag {
 public:
  static void Await(ServerCore* core, MethodEntry* entry);

  void Proceed(bool ok) override;

 private:
  class Answer;

  UnaryCall(ServerCore* core, MethodEntry* entry) : core_(*core), entry_(*entry), responder_(&transport_) {}
  ~UnaryCall();

  void Serve();
  void RunBody();
  void Complete(absl::Status status, Reply reply);
  // `this` may be gone when it returns.
  void Finish(const absl::Status& status, Reply reply);

  ServerCore& core_;
  MethodEntry& entry_;
  grpc::ServerContext transport_;
  grpc::ByteBuffer payload_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder_;
  std::shared_ptr<CallData> data_;
  absl::Time began_;
  bool serving_ = false;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_UNARY_CALL_H_
