#include "services/organisation/app/organisation.h"

#include <google/protobuf/descriptor.h>
#include <utility>

#include "fivestrand/leadership/v1/calendar.pb.h"
#include "fivestrand/leadership/v1/improvement.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"
#include "google/api/resource.pb.h"

#include "platform/events/follow_spec.h"
#include "platform/resource/registry.h"
#include "platform/service/record_service.h"
#include "platform/status/macros.h"
#include "services/organisation/store/migrations.h"

namespace fivestrand::organisation {

namespace v1 = leadership::v1;

std::vector<const google::protobuf::Descriptor*> MirroredTypes() {
  return {v1::Trust::descriptor(),          v1::School::descriptor(),           v1::Subject::descriptor(),
          v1::SchoolClass::descriptor(),    v1::Person::descriptor(),           v1::Post::descriptor(),
          v1::LineManagement::descriptor(), v1::RoleGrant::descriptor(),        v1::AcademicYear::descriptor(),
          v1::BankHoliday::descriptor(),    v1::ImprovementThread::descriptor()};
}

absl::Status DeclareOrganisation(resource::Registry* registry) {
  for (const auto* type : MirroredTypes()) FIVESTRAND_RETURN_IF_ERROR(registry->DeclareMirror(type));
  return absl::OkStatus();
}

void FollowOrganisation(service::RecordServiceSpec* spec) {
  spec->migrations.insert(spec->migrations.begin(), Migrations());
  events::FollowSpec follow;
  follow.name = "organisation";
  follow.source = "leadership";
  for (const auto* type : MirroredTypes()) {
    spec->mirrors.push_back(type);
    follow.resource_types.push_back(type->options().GetExtension(google::api::resource).type());
  }
  spec->follows.push_back(std::move(follow));
}

}  // namespace fivestrand::organisation
