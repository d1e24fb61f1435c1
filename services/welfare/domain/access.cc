#include "services/welfare/domain/access.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/roles.h"

namespace fivestrand::welfare::domain {
namespace {

using identity::AccessRule;
using identity::Reach;
using identity::Role;

constexpr Role kWelfareFigures[] = {type::v1::ROLE_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_HR_DIRECTOR,
                                    type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};

std::vector<AccessRule> Build() {
  identity::RuleList rules;

  // Sealed records: whoever is named, whatever their role; the bodies see to it that nobody else is answered.
  rules.Allow(identity::kEmployees, Reach::kOwn,
              {"welfare.checkIns.get",    "welfare.checkIns.list",    "welfare.checkIns.request", "welfare.checkIns.update",
               "welfare.checkIns.cancel", "welfare.concerns.get",     "welfare.concerns.list",    "welfare.concerns.create",
               "welfare.concerns.update", "welfare.supports.get",     "welfare.supports.list",    "welfare.supports.update",
               "welfare.followUps.get",   "welfare.followUps.list",   "welfare.followUps.create", "welfare.followUps.update",
               "welfare.readers.agree",   "welfare.records.handOver", "welfare.notices.list",     "audit.recordReads.list"});
  constexpr Role kHr[] = {type::v1::ROLE_HR_DIRECTOR};
  rules.Allow(kHr, Reach::kTrust, {"welfare.checkIns.create", "welfare.supports.create"});
  // The emergency.
  constexpr Role kBreakers[] = {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_DATA_PROTECTION_OFFICER};
  rules.Allow(kBreakers, Reach::kTrust, {"welfare.records.breakGlass"});

  // Pulses.
  constexpr Role kDirector[] = {type::v1::ROLE_DIRECTOR};
  for (const char* read : {"welfare.pulseSurveys.get", "welfare.pulseSurveys.list", "welfare.pulseResults.read"}) {
    rules.Allow(identity::kEmployees, Reach::kTrust, {read});
    rules.Allow(kDirector, Reach::kTrust, {read});
  }
  rules.Allow(identity::kEmployees, Reach::kTrust, {"welfare.pulses.answer"});
  constexpr Role kAskers[] = {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_OPERATOR};
  rules.Allow(kAskers, Reach::kTrust, {"welfare.pulseSurveys.create", "welfare.pulseSurveys.update", "welfare.pulseSurveys.close"});
  constexpr Role kImporters[] = {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_OPERATOR};
  rules.Allow(kImporters, Reach::kTrust, {"welfare.pulseSurveys.import"});

  // Figures of culture: the trust's leaders, and the staff of the school. Those of staff welfare are fewer people's still, see
  // below.
  constexpr Role kTrustReaders[] = {type::v1::ROLE_DIRECTOR,    type::v1::ROLE_CEO,      type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                                    type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};
  rules.Allow(kTrustReaders, Reach::kSchool, {"evidence.readings.read"});
  rules.Allow(identity::kSchoolStaff, Reach::kSchool, {"evidence.readings.read"});

  // Not the administrator: that a record exists is nothing for whoever runs the system.
  constexpr Role kTrail[] = {type::v1::ROLE_DATA_PROTECTION_OFFICER, type::v1::ROLE_OPERATOR};
  rules.Allow(kTrail, Reach::kTrust, {"audit.auditEntries.list"});
  return rules.Take();
}

}  // namespace

absl::Span<const AccessRule> AccessRules() {
  static const std::vector<AccessRule>& rules = *new std::vector<AccessRule>(Build());
  return rules;
}

bool MaySeeWelfareFigures(const identity::Caller& caller, absl::Time now) {
  return std::any_of(std::begin(kWelfareFigures), std::end(kWelfareFigures), [&](Role role) { return caller.HasRole(role, now); });
}

}  // namespace fivestrand::welfare::domain
