#include "services/leadership/app/leadership_spec.h"

#include <memory>

#include "platform/resource/registry.h"
#include "services/leadership/api/calendar_api.h"
#include "services/leadership/api/day_api.h"
#include "services/leadership/api/identity_api.h"
#include "services/leadership/api/import_api.h"
#include "services/leadership/api/verbs_api.h"
#include "services/leadership/domain/access.h"
#include "services/leadership/domain/strategies.h"
#include "services/leadership/store/evidence_source.h"
#include "services/leadership/store/migrations.h"
#include "services/leadership/store/visibility_reader.h"

namespace fivestrand::leadership {

service::RecordServiceSpec LeadershipSpec() {
  service::RecordServiceSpec spec;
  spec.name = "leadership";
  spec.migrations = {store::Migrations()};
  spec.access_rules = domain::AccessRules();
  spec.services = {"fivestrand.leadership.v1.OrganisationService", "fivestrand.leadership.v1.PeopleService",
                   "fivestrand.leadership.v1.CalendarService", "fivestrand.leadership.v1.VisibilityService",
                   "fivestrand.leadership.v1.IdentityService"};
  spec.custom_methods = {"ImportSchools", "ImportPeople", "ConfirmRoleGrant", "ListCalendarDays", "CompleteVisit",
                         "CancelVisit",   "ReadDay",      "ReadCoverage",     "ResolveIdentity",  "ListIdentities"};
  spec.declare = &domain::DeclareRecords;
  spec.bind = [](resource::Registry& registry, rpc::Server& server) {
    auto source = std::make_shared<store::SqlVisibilitySource>(registry.store());
    api::BindVerbs(registry, server);
    api::BindImports(registry, server);
    api::BindIdentity(registry, server);
    api::BindCalendar(source, server);
    api::BindDay(source, server);
  };
  spec.evidence = [](const resource::Registry& registry) {
    return std::make_shared<const store::VisibilityEvidence>(std::make_shared<store::SqlVisibilitySource>(registry.store()));
  };
  return spec;
}

}  // namespace fivestrand::leadership
