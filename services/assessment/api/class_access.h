// What a call about a class needs to know of it.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_CLASS_ACCESS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_CLASS_ACCESS_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/rpc/call_context.h"
#include "platform/store/session.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::api {

// Reads the class that the call is about and checks that it, in this subject (a resource name; empty: as a whole), is within the
// caller's reach. PERMISSION_DENIED also when there is no such class, unless the caller may see all classes of the scope: then
// NOT_FOUND.
absl::Status ReadClassInReach(const resource::Registry& registry, fivestrand::store::Session& session,
                              const rpc::CallContext& context, std::string_view name, std::string_view subject,
                              leadership::v1::SchoolClass* school_class);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_CLASS_ACCESS_H_
