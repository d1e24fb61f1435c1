// Whether a caller reaches an event, for methods that are about its bookings.
#ifndef FIVESTRAND_SERVICES_CPD_API_EVENT_ACCESS_H_
#define FIVESTRAND_SERVICES_CPD_API_EVENT_ACCESS_H_

#include <string>

#include "absl/status/status.h"
#include "fivestrand/cpd/v1/learning.pb.h"

#include "platform/rpc/call_context.h"

namespace fivestrand::resource {
class Registry;
}
namespace fivestrand::store {
class Session;
}

namespace fivestrand::cpd::api {

// Reads the event. NOT_FOUND when there is none; PERMISSION_DENIED when the caller's rules do not reach it (its leader's, or a CPD
// lead's of its school). That an event exists is no secret.
absl::Status ReadReachedEvent(const resource::Registry& registry, const rpc::CallContext& context,
                              fivestrand::store::Session& session, const std::string& name, v1::CpdEvent* event);

}  // namespace fivestrand::cpd::api

#endif  // FIVESTRAND_SERVICES_CPD_API_EVENT_ACCESS_H_
