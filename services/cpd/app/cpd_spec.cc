#include "services/cpd/app/cpd_spec.h"

#include <memory>

#include "platform/resource/registry.h"
#include "services/cpd/api/coaching_api.h"
#include "services/cpd/api/learning_api.h"
#include "services/cpd/domain/access.h"
#include "services/cpd/domain/strategies.h"
#include "services/cpd/store/coaching_reader.h"
#include "services/cpd/store/cpd_evidence.h"
#include "services/cpd/store/learning_reader.h"
#include "services/cpd/store/migrations.h"
#include "services/cpd/store/sql_rows.h"
#include "services/organisation/app/organisation.h"

namespace fivestrand::cpd {

service::RecordServiceSpec CpdSpec() {
  service::RecordServiceSpec spec;
  spec.name = "cpd";
  spec.migrations = {store::Migrations()};
  spec.access_rules = domain::AccessRules();
  spec.services = {"fivestrand.cpd.v1.CoachingService", "fivestrand.cpd.v1.LearningService"};
  spec.custom_methods = {"CompleteCycle",  "CancelCycle",    "ReadCoachingRoom",  "HoldSession",      "CancelSession",
                         "AchieveStep",    "DropStep",       "ShareStep",         "ListSharedSteps",  "ReadCoachingCounts",
                         "CancelCpdEvent", "ListOpenEvents", "ReadEventCalendar", "BookPlace",        "CancelBooking",
                         "CheckIn",        "ReadRegister",   "RecordAttendance",  "ListTeamBookings", "ReadLearningRecord"};
  auto rows = std::make_shared<const store::SqlCpdRows>();
  spec.declare = [rows](resource::Registry* registry) {
    return domain::DeclareRecords(rows, registry);
  };
  spec.bind = [rows](resource::Registry& registry, rpc::Server& server) {
    auto coaching = std::make_shared<const store::SqlCoachingReads>(registry);
    auto learning = std::make_shared<const store::SqlLearningReads>(rows, registry);
    api::BindCoaching(rows, coaching, registry, server);
    api::BindLearningVerbs(rows, learning, registry, server);
    api::BindLearningReads(learning, registry, server);
  };
  spec.read_trail = &store::CoachingTrail;
  spec.evidence = [](const resource::Registry&) {
    return std::make_shared<const store::CpdEvidence>();
  };
  organisation::FollowOrganisation(&spec);
  return spec;
}

}  // namespace fivestrand::cpd
