#include "services/welfare/app/welfare_spec.h"

#include <memory>

#include "platform/resource/registry.h"
#include "services/organisation/app/organisation.h"
#include "services/welfare/api/pulse_api.h"
#include "services/welfare/api/welfare_api.h"
#include "services/welfare/domain/access.h"
#include "services/welfare/domain/strategies.h"
#include "services/welfare/store/matter_store.h"
#include "services/welfare/store/matter_trail.h"
#include "services/welfare/store/migrations.h"
#include "services/welfare/store/pulse_store.h"
#include "services/welfare/store/roster.h"
#include "services/welfare/store/welfare_source.h"

namespace fivestrand::welfare {

service::RecordServiceSpec WelfareSpec() {
  service::RecordServiceSpec spec;
  spec.name = "welfare";
  spec.migrations = {store::Migrations()};
  spec.access_rules = domain::AccessRules();
  spec.services = {"fivestrand.welfare.v1.WelfareService", "fivestrand.welfare.v1.PulseService"};
  // Every method about a sealed record: who may read it stands in the record, and not in a role.
  spec.custom_methods = {"CreateCheckIn",     "RequestCheckIn",      "GetCheckIn",           "ListCheckIns",
                         "UpdateCheckIn",     "CompleteCheckIn",     "CancelCheckIn",        "CreateWelfareConcern",
                         "GetWelfareConcern", "ListWelfareConcerns", "UpdateWelfareConcern", "CloseWelfareConcern",
                         "CreateSupport",     "GetSupport",          "ListSupports",         "UpdateSupport",
                         "FinishSupport",     "CreateFollowUp",      "GetFollowUp",          "ListFollowUps",
                         "FinishFollowUp",    "AgreeReader",         "WithdrawReader",       "HandOver",
                         "BreakGlass",        "ListNotices",         "ClosePulseSurvey",     "CancelPulseSurvey",
                         "ImportPulseRound",  "ListOpenPulses",      "AnswerPulse",          "ReadPulseResults"};
  // Made with the registry, and shared by what is declared and what is bound.
  auto knowledge = std::make_shared<domain::Knowledge>();
  spec.declare = [knowledge](resource::Registry* registry) {
    knowledge->directory = std::make_shared<const store::SqlDirectory>();
    knowledge->matters = std::make_shared<store::MatterStore>(*registry);
    return domain::DeclareRecords(registry, *knowledge);
  };
  spec.bind = [knowledge](resource::Registry& registry, rpc::Server& server) {
    api::BindMatterReads(registry, *knowledge, server);
    api::BindMatterWrites(registry, *knowledge, server);
    api::BindSeals(registry, *knowledge, server);
    api::BindPulses(registry, {knowledge->directory, std::make_shared<const store::PulseStore>(registry.cipher())}, server);
  };
  spec.read_trail = [knowledge](const resource::Registry&, fivestrand::store::Session& session, std::string_view name,
                                std::string_view person) {
    return store::MatterTrail(*knowledge->matters, session, name, person);
  };
  spec.upkeep = [](const resource::Registry& registry, absl::Time now, absl::Time deadline) {
    return api::CloseDuePulses(
        registry, {std::make_shared<const store::SqlDirectory>(), std::make_shared<const store::PulseStore>(registry.cipher())},
        now, deadline);
  };
  spec.evidence = [](const resource::Registry& registry) {
    return std::make_shared<const store::WelfareSource>(registry, std::make_shared<const store::PulseStore>(registry.cipher()));
  };
  organisation::FollowOrganisation(&spec);
  return spec;
}

}  // namespace fivestrand::welfare
