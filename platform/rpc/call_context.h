// What a method body knows about the call that it serves.
#ifndef FIVESTRAND_PLATFORM_RPC_CALL_CONTEXT_H_
#define FIVESTRAND_PLATFORM_RPC_CALL_CONTEXT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "platform/identity/access.h"
#include "platform/identity/caller.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace fivestrand::rpc {

// Filled by the wrapper before the body runs and constant from then on. The views point into the request and live as long as the
// context.
struct CallContext {
  const google::protobuf::MethodDescriptor* method = nullptr;

  // Never null. Who calls, as a verified token says.
  std::shared_ptr<const identity::Caller> caller;
  // The token itself, to call other services on the caller's behalf.
  std::string token;

  // Whether and how far the method's permission reaches; `allowed` always holds here. For access MEMBER and SERVICE it says
  // `everything`.
  identity::Access access;

  // Resource name at the policy's scope path (`trusts/t/schools/s`), and the ids in it. `trust` and `school` are empty when the
  // name has none; `school` is "-" for a list over all of the caller's schools.
  std::string_view scope;
  std::string_view trust;
  std::string_view school;

  // From x-request-id, or made here. In the log, in error details and in the trailing metadata. Not the `request_id` of a write.
  std::string request_id;
  // W3C traceparent; empty when the caller sent none.
  std::string traceparent;

  // When the call began, by the server's clock, which tests set.
  absl::Time now;
  // When its answer is no longer wanted, by the machine's clock, as stores and clients count deadlines. For streams: when they end
  // at the latest.
  absl::Time deadline;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_CALL_CONTEXT_H_
