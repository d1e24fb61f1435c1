#include "services/assessment/api/class_access.h"

#include "google/protobuf/descriptor.h"

#include "platform/calendar/day.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/domain/teaching.h"

namespace fivestrand::assessment::api {

absl::Status ReadClassInReach(const resource::Registry& registry, fivestrand::store::Session& session,
                              const rpc::CallContext& context, std::string_view name, std::string_view subject,
                              leadership::v1::SchoolClass* school_class) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(session, name, school_class));
  if (!found && context.access.everything) return status::NotFound("fivestrand/SchoolClass", name);
  if (!found ||
      !domain::ReachesClass(context.access, *school_class, subject, context.caller->subject, calendar::DayOf(context.now)))
    return status::Denied(context.method->full_name());
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
