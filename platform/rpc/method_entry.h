// A method that a server serves: what was registered, and what its contract compiles to. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_METHOD_ENTRY_H_
#define FIVESTRAND_PLATFORM_RPC_METHOD_ENTRY_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "platform/rpc/method_metrics.h"
#include "platform/rpc/server.h"
#include "platform/rpc/validator.h"

namespace google::protobuf {
class FieldDescriptor;
}

namespace fivestrand::rpc {

class RpcService;

// The path of a field through singular messages of a request.
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

struct MethodEntry {
  enum class Access { kGranted, kMember, kService };
  enum class Kind { kUnary, kServerStream, kClientStream };

  const google::protobuf::MethodDescriptor* method = nullptr;
  Runs where = Runs::kInline;
  // One of these.
  UnaryBody unary;
  AsyncUnaryBody async_unary;
  StreamBody stream;
  // May be null for a method that takes a stream; it is then answered UNIMPLEMENTED without a thread.
  ClientStreamBody client_stream;

  // Compiled.
  Access access = Access::kGranted;
  std::string permission;
  FieldPath scope;
  std::string scope_text;
  bool audit_read = false;
  // The scope may be `trusts/t/schools/-`, the caller's schools: of List methods, and of those with such an HTTP path.
  bool list = false;
  const google::protobuf::Message* prototype = nullptr;
  std::optional<RequestValidator> validator;
  std::unique_ptr<MethodMetrics> metrics;

  // Where the transport knows it.
  RpcService* service = nullptr;
  int index = 0;

  Kind kind() const;
  // FAILED_PRECONDITION when the policy is missing or cannot be right.
  absl::Status Compile(Validators* validators);
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_METHOD_ENTRY_H_
