#include "services/assessment/api/pupil_access.h"

#include "fivestrand/assessment/v1/pupils.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/calendar/day.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::assessment::api {

absl::Status ReadPupilInReach(const resource::Registry& registry, const domain::RecordSource& source,
                              fivestrand::store::Session& session, const rpc::CallContext& context, std::string_view name,
                              v1::Pupil* pupil, domain::ReachFacts* facts) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(session, name, pupil));
  if (!found && context.access.everything) return status::NotFound("fivestrand/Pupil", name);
  if (!found) return status::Denied(context.method->full_name());
  FIVESTRAND_RETURN_IF_ERROR(source.FactsOf(session, *pupil, context.caller->subject, calendar::DayOf(context.now), facts));
  if (context.access.everything || domain::ReachesPupil(context.access, *facts)) return absl::OkStatus();
  return status::Denied(context.method->full_name());
}

}  // namespace fivestrand::assessment::api
