#include "services/cpd/domain/access.h"

#include <vector>

#include "fivestrand/type/v1/role.pb.h"

namespace fivestrand::cpd::domain {
namespace {

using identity::AccessRule;
using identity::Reach;
using type::v1::Role;

constexpr Role kStaff[] = {type::v1::ROLE_DIRECTOR,    type::v1::ROLE_CEO,           type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                           type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_DATA_LEAD,     type::v1::ROLE_SEND_LEAD,
                           type::v1::ROLE_CPD_LEAD,    type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_DATA_PROTECTION_OFFICER,
                           type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                           type::v1::ROLE_TEACHER,     type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF,
                           type::v1::ROLE_COACH};

constexpr Role kSchoolStaff[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                                 type::v1::ROLE_TEACHER,     type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF};

std::vector<AccessRule> Build() {
  std::vector<AccessRule> rules;
  auto allow = [&](absl::Span<const Role> roles, Reach reach, std::initializer_list<const char*> permissions) {
    for (Role role : roles) {
      for (const char* permission : permissions) rules.push_back({role, permission, reach});
    }
  };
  // A grant that names schools makes its holder the CPD lead of these.
  constexpr Role kCpdLead[] = {type::v1::ROLE_CPD_LEAD};

  // Coaching is sealed: the coach and the coachee, whoever they are, and nobody by a role.
  allow(kStaff, Reach::kOwn, {"cpd.coachingCycles.*", "cpd.coachingSessions.*", "cpd.actionSteps.*"});
  // The answer holds only what is shared with the caller.
  allow(kStaff, Reach::kTrust, {"cpd.sharedSteps.list"});
  // Counts, and no more.
  constexpr Role kCounted[] = {type::v1::ROLE_CPD_LEAD, type::v1::ROLE_HEADTEACHER};
  allow(kCounted, Reach::kSchool, {"cpd.coachingCounts.read"});

  // The catalogue and its events: read by all; run by the CPD lead.
  allow(kStaff, Reach::kTrust, {"cpd.courses.get", "cpd.courses.list", "cpd.events.get", "cpd.events.list"});
  allow(kCpdLead, Reach::kSchool, {"cpd.courses.create", "cpd.courses.update", "cpd.courses.delete"});
  allow(kCpdLead, Reach::kRowSchool, {"cpd.events.create", "cpd.events.update"});

  // Bookings: oneself, the line manager and the CPD lead. Whom one line-manages the service knows, not the grant: the answers hold
  // nobody else.
  allow(kStaff, Reach::kTrust, {"cpd.bookings.create", "cpd.teamBookings.list", "cpd.learningRecords.get"});
  allow(kStaff, Reach::kOwn,
        {"cpd.bookings.get", "cpd.bookings.list", "cpd.bookings.update", "cpd.bookings.cancel", "cpd.bookings.checkIn"});
  allow(kCpdLead, Reach::kRowSchool,
        {"cpd.bookings.get", "cpd.bookings.list", "cpd.bookings.update", "cpd.bookings.cancel", "cpd.bookings.manage"});

  // The register is kept by whoever leads the event, and by the CPD lead.
  allow(kStaff, Reach::kOwn, {"cpd.attendance.record"});
  allow(kCpdLead, Reach::kRowSchool, {"cpd.attendance.record"});

  // Evaluations are written by who was there.
  allow(kStaff, Reach::kOwn, {"cpd.evaluations.get", "cpd.evaluations.list", "cpd.evaluations.create", "cpd.evaluations.update"});
  allow(kCpdLead, Reach::kRowSchool, {"cpd.evaluations.get", "cpd.evaluations.list"});

  // Figures: directors and those above the school, and the staff of the school about their own.
  constexpr Role kTrustReaders[] = {type::v1::ROLE_DIRECTOR, type::v1::ROLE_CEO,      type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                                    type::v1::ROLE_CPD_LEAD, type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};
  allow(kTrustReaders, Reach::kSchool, {"evidence.readings.read"});
  allow(kSchoolStaff, Reach::kSchool, {"evidence.readings.read"});
  allow({{type::v1::ROLE_EXTERNAL_CONSULTANT}}, Reach::kSchool, {"evidence.readings.read"});

  constexpr Role kTrail[] = {type::v1::ROLE_DATA_PROTECTION_OFFICER, type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_OPERATOR};
  allow(kTrail, Reach::kTrust, {"audit.auditEntries.list"});
  return rules;
}

}  // namespace

absl::Span<const AccessRule> AccessRules() {
  static const std::vector<AccessRule>& rules = *new std::vector<AccessRule>(Build());
  return rules;
}

}  // namespace fivestrand::cpd::domain
