#include "services/leadership/api/verbs_api.h"

#include "absl/time/time.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/timestamp.h"
#include "platform/resource/registry.h"
#include "services/leadership/domain/organisation_rules.h"
#include "services/leadership/domain/visibility_rules.h"

namespace fivestrand::leadership::api {

using resource::WriteContext;
using resource::WriteSpec;

void BindVerbs(resource::Registry& registry, rpc::Server& server) {
  registry.HandleWrite<v1::CompleteVisitRequest, v1::Visit>(
      server, rpc::FindMethod("fivestrand.leadership.v1.VisibilityService.CompleteVisit"),
      [](const v1::CompleteVisitRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .seal_answer = true, .resource_type = "fivestrand/Visit"};
      },
      [](WriteContext& write, const v1::CompleteVisitRequest& request, v1::Visit* visit) {
        write.set_check_rows(true);
        return write.Update(request.name(), {.etag = request.etag()}, "complete", visit, [&] {
          const absl::Time end = request.has_end_time() ? calendar::ToTime(request.end_time()) : write.now();
          return domain::Complete(end, write.now(), visit);
        });
      });
  registry.HandleWrite<v1::CancelVisitRequest, v1::Visit>(
      server, rpc::FindMethod("fivestrand.leadership.v1.VisibilityService.CancelVisit"),
      [](const v1::CancelVisitRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .seal_answer = true, .resource_type = "fivestrand/Visit"};
      },
      [](WriteContext& write, const v1::CancelVisitRequest& request, v1::Visit* visit) {
        write.set_check_rows(true);
        return write.Update(request.name(), {.etag = request.etag()}, "cancel", visit, [&] { return domain::Cancel(visit); });
      });
  registry.HandleWrite<v1::ConfirmRoleGrantRequest, v1::RoleGrant>(
      server, rpc::FindMethod("fivestrand.leadership.v1.PeopleService.ConfirmRoleGrant"),
      [](const v1::ConfirmRoleGrantRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = "fivestrand/RoleGrant"};
      },
      [](WriteContext& write, const v1::ConfirmRoleGrantRequest& request, v1::RoleGrant* grant) {
        write.set_check_rows(true);
        return write.Update(request.name(), {.etag = request.etag()}, "confirm", grant,
                            [&] { return domain::Confirm(write.actor(), grant); });
      });
}

}  // namespace fivestrand::leadership::api
