#include "services/leadership/app/leadership_spec.h"

#include <memory>

#include "platform/resource/registry.h"
#include "services/leadership/api/calendar_api.h"
#include "services/leadership/api/day_api.h"
#include "services/leadership/api/evidence_api.h"
#include "services/leadership/api/identity_api.h"
#include "services/leadership/api/import_api.h"
#include "services/leadership/api/verbs_api.h"
#include "services/leadership/domain/access.h"
#include "services/leadership/domain/strategies.h"
#include "services/leadership/store/calendar_reader.h"
#include "services/leadership/store/element_gauges.h"
#include "services/leadership/store/migrations.h"
#include "services/leadership/store/visibility_reader.h"

namespace fivestrand::leadership {

service::RecordServiceSpec LeadershipSpec() {
  service::RecordServiceSpec spec;
  spec.name = "leadership";
  spec.migrations = {store::Migrations()};
  spec.access_rules = domain::AccessRules();
  spec.services = {"fivestrand.leadership.v1.OrganisationService", "fivestrand.leadership.v1.PeopleService",
                   "fivestrand.leadership.v1.CalendarService",     "fivestrand.leadership.v1.VisibilityService",
                   "fivestrand.leadership.v1.IdentityService",     "fivestrand.evidence.v1.EvidenceService"};
  spec.custom_methods = {"ImportSchools", "ImportPeople",      "ConfirmRoleGrant", "ListCalendarDays", "CompleteVisit",
                         "CancelVisit",   "ReadDay",           "ReadCoverage",     "ResolveIdentity",  "ListIdentities",
                         "ListMeasures",  "SummariseEvidence", "ListReadings"};
  spec.declare = &domain::DeclareRecords;
  spec.bind = [](resource::Registry& registry, rpc::Server& server) {
    auto source = std::make_shared<store::SqlVisibilitySource>(registry.store());
    api::BindVerbs(registry, server);
    api::BindImports(registry, server);
    api::BindIdentity(registry, server);
    api::BindCalendar(source, server);
    api::BindDay(source, server);
    api::BindEvidence(registry.access(), source, server);
  };
  auto calendars = std::make_shared<store::CalendarReader>();
  spec.gauges = [calendars](const resource::Registry&, fivestrand::store::Session& session, absl::Time now,
                            std::vector<service::ElementGauge>* gauges) {
    return store::ReadElementGauges(session, *calendars, now, gauges);
  };
  return spec;
}

}  // namespace fivestrand::leadership
