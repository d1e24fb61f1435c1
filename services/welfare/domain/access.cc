#include "services/welfare/domain/access.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "fivestrand/type/v1/role.pb.h"

namespace fivestrand::welfare::domain {
namespace {

using identity::AccessRule;
using identity::Reach;
using identity::Role;

// Whom a record can name, and whom a pulse can invite. No operator, no application, no other process of the suite is among them.
constexpr Role kStaff[] = {type::v1::ROLE_CEO,           type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                           type::v1::ROLE_HR_DIRECTOR,   type::v1::ROLE_DATA_LEAD,
                           type::v1::ROLE_SEND_LEAD,     type::v1::ROLE_CPD_LEAD,
                           type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_DATA_PROTECTION_OFFICER,
                           type::v1::ROLE_HEADTEACHER,   type::v1::ROLE_SENIOR_LEADER,
                           type::v1::ROLE_MIDDLE_LEADER, type::v1::ROLE_TEACHER,
                           type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF,
                           type::v1::ROLE_COACH};

constexpr Role kSchoolStaff[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                                 type::v1::ROLE_TEACHER,     type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF};

constexpr Role kWelfareFigures[] = {type::v1::ROLE_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_HR_DIRECTOR,
                                    type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};

std::vector<AccessRule> Build() {
  std::vector<AccessRule> rules;
  auto allow = [&](absl::Span<const Role> roles, Reach reach, std::initializer_list<const char*> permissions) {
    for (Role role : roles) {
      for (const char* permission : permissions) rules.push_back({role, permission, reach});
    }
  };

  // Sealed records: whoever is named, whatever their role; the bodies see to it that nobody else is answered.
  allow(kStaff, Reach::kOwn,
        {"welfare.checkIns.get", "welfare.checkIns.list", "welfare.checkIns.request", "welfare.checkIns.update",
         "welfare.checkIns.cancel", "welfare.concerns.get", "welfare.concerns.list", "welfare.concerns.create",
         "welfare.concerns.update", "welfare.supports.get", "welfare.supports.list", "welfare.supports.update",
         "welfare.followUps.get", "welfare.followUps.list", "welfare.followUps.create", "welfare.followUps.update",
         "welfare.readers.agree", "welfare.records.handOver", "welfare.notices.list"});
  constexpr Role kHr[] = {type::v1::ROLE_HR_DIRECTOR};
  allow(kHr, Reach::kTrust, {"welfare.checkIns.create", "welfare.supports.create"});
  // The emergency.
  constexpr Role kBreakers[] = {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_DATA_PROTECTION_OFFICER};
  allow(kBreakers, Reach::kTrust, {"welfare.records.breakGlass"});

  // Pulses.
  constexpr Role kDirector[] = {type::v1::ROLE_DIRECTOR};
  for (const char* read : {"welfare.pulseSurveys.get", "welfare.pulseSurveys.list", "welfare.pulseResults.read"}) {
    allow(kStaff, Reach::kTrust, {read});
    allow(kDirector, Reach::kTrust, {read});
  }
  allow(kStaff, Reach::kTrust, {"welfare.pulses.answer"});
  constexpr Role kAskers[] = {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_OPERATOR};
  allow(kAskers, Reach::kTrust, {"welfare.pulseSurveys.create", "welfare.pulseSurveys.update", "welfare.pulseSurveys.close"});
  constexpr Role kImporters[] = {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_OPERATOR};
  allow(kImporters, Reach::kTrust, {"welfare.pulseSurveys.import"});

  // Figures of culture: the trust's leaders, and the staff of the school. Those of staff welfare are fewer people's still, see
  // below.
  constexpr Role kTrustReaders[] = {type::v1::ROLE_DIRECTOR,    type::v1::ROLE_CEO,      type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                                    type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};
  allow(kTrustReaders, Reach::kSchool, {"evidence.readings.read"});
  allow(kSchoolStaff, Reach::kSchool, {"evidence.readings.read"});

  // Not the administrator: that a record exists is nothing for whoever runs the system.
  constexpr Role kTrail[] = {type::v1::ROLE_DATA_PROTECTION_OFFICER, type::v1::ROLE_OPERATOR};
  allow(kTrail, Reach::kTrust, {"audit.auditEntries.list"});
  return rules;
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
