// The steps of the wrapper before the body. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_PREPARE_H_
#define FIVESTRAND_PLATFORM_RPC_PREPARE_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "google/protobuf/arena.h"

#include "platform/rpc/call_context.h"

namespace grpc {
class ByteBuffer;
class ServerContext;
}  // namespace grpc

namespace fivestrand::rpc {

class ServerCore;
struct MethodEntry;

// What a body may use; outlives the transport's side of the call as long as a body keeps the context.
struct CallData {
  CallData();

  CallContext context;
  google::protobuf::Message* request = nullptr;

 private:
  static google::protobuf::ArenaOptions ArenaOver(char* block, std::size_t size);
  alignas(16) char block_[1024];

 public:
  google::protobuf::Arena arena;
};

std::shared_ptr<const CallContext> ContextOf(const std::shared_ptr<CallData>& data);

// Request id, trace and time: always succeeds, so that every answer has them.
void Begin(ServerCore* core, const MethodEntry& entry, const grpc::ServerContext& transport, CallData* data);
// Deadline and identity: what needs no message.
absl::Status PrepareCaller(ServerCore* core, const MethodEntry& entry, const grpc::ServerContext& transport, CallData* data);
// Decoding, permission and scope, validation.
absl::Status PrepareRequest(ServerCore* core, const MethodEntry& entry, const grpc::ByteBuffer& payload, CallData* data);
// Both.
absl::Status Prepare(ServerCore* core, const MethodEntry& entry, const grpc::ServerContext& transport,
                     const grpc::ByteBuffer& payload, CallData* data);

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_PREPARE_H_
