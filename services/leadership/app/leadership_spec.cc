#include "services/leadership/app/leadership_spec.h"

#include <memory>

#include "platform/resource/registry.h"
#include "platform/service/evidence_service.h"
#include "platform/status/macros.h"
#include "services/leadership/api/calendar_api.h"
#include "services/leadership/api/day_api.h"
#include "services/leadership/api/evidence_api.h"
#include "services/leadership/api/gather.h"
#include "services/leadership/api/identity_api.h"
#include "services/leadership/api/import_api.h"
#include "services/leadership/api/model_api.h"
#include "services/leadership/api/scoreboard_api.h"
#include "services/leadership/api/verbs_api.h"
#include "services/leadership/app/loop_spec.h"
#include "services/leadership/domain/access.h"
#include "services/leadership/domain/model/scoreboard.h"
#include "services/leadership/domain/strategies.h"
#include "services/leadership/store/evidence_source.h"
#include "services/leadership/store/loop/concern_counts.h"
#include "services/leadership/store/migrations.h"
#include "services/leadership/store/visibility_reader.h"

namespace fivestrand::leadership {

service::RecordServiceSpec LeadershipSpec(std::shared_ptr<api::EvidencePeers> peers) {
  service::RecordServiceSpec spec;
  spec.name = "leadership";
  spec.migrations = {store::Migrations()};
  spec.access_rules = domain::AccessRules();
  spec.services = {"fivestrand.leadership.v1.OrganisationService", "fivestrand.leadership.v1.PeopleService",
                   "fivestrand.leadership.v1.CalendarService",     "fivestrand.leadership.v1.VisibilityService",
                   "fivestrand.leadership.v1.IdentityService",     "fivestrand.evidence.v1.EvidenceService",
                   "fivestrand.leadership.v1.ImprovementService"};
  spec.custom_methods = {"ImportSchools", "ImportPeople",      "ConfirmRoleGrant", "ListCalendarDays",    "CompleteVisit",
                         "CancelVisit",   "ReadDay",           "ReadCoverage",     "ResolveIdentity",     "ListIdentities",
                         "ListMeasures",  "SummariseEvidence", "ListReadings",     "GetImprovementModel", "UpdateImprovementModel",
                         "GetScoreboard"};
  spec.declare = &domain::DeclareRecords;
  spec.bind = [](resource::Registry& registry, rpc::Server& server) {
    auto source = std::make_shared<store::SqlVisibilitySource>(registry.store());
    api::BindVerbs(registry, server);
    api::BindImports(registry, server);
    api::BindIdentity(registry, server);
    api::BindCalendar(source, server);
    api::BindDay(source, server);
    api::BindModel(registry, server);
  };
  spec.peers.assign(domain::PeerServices().begin(), domain::PeerServices().end());
  spec.bind_peers = [peers](resource::Registry& registry, rpc::Server& server, const service::Peers& services) {
    auto answers = std::make_shared<const service::EvidenceAnswers>(
        registry.store(), registry.access(),
        std::make_shared<const store::VisibilityEvidence>(std::make_shared<store::SqlVisibilitySource>(registry.store())));
    std::shared_ptr<api::EvidencePeers> asked = peers;
    if (asked == nullptr) asked = std::make_shared<api::ServicePeers>(services);
    api::BindEvidence(registry, answers, asked, server);
    api::BindScoreboard(
        registry, answers, asked,
        [&registry](fivestrand::store::Session& session, const rpc::CallContext& context, std::string_view trust,
                    domain::ConcernCounts* counts) -> absl::Status {
          const identity::Access access = registry.access().DecideFor(*context.caller, store::kListConcerns, trust, context.now);
          FIVESTRAND_ASSIGN_OR_RETURN(const auto counted,
                                      store::CountOpenConcerns(session, trust, access, context.caller->subject));
          counts->insert(counted.begin(), counted.end());
          return absl::OkStatus();
        },
        server);
  };
  spec.evidence = [](const resource::Registry& registry) {
    return std::make_shared<const store::VisibilityEvidence>(std::make_shared<store::SqlVisibilitySource>(registry.store()));
  };
  AddLoop(&spec);
  return spec;
}

}  // namespace fivestrand::leadership
