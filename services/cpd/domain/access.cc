#include "services/cpd/domain/access.h"

#include <vector>

#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/roles.h"

namespace fivestrand::cpd::domain {
namespace {

using identity::AccessRule;
using identity::Reach;
using type::v1::Role;

std::vector<AccessRule> Build() {
  identity::RuleList rules;
  // A grant that names schools makes its holder the CPD lead of these.
  constexpr Role kCpdLead[] = {type::v1::ROLE_CPD_LEAD};

  // Coaching is sealed: the coach and the coachee, whoever they are, and nobody by a role.
  rules.Allow(identity::kMembers, Reach::kOwn, {"cpd.coachingCycles.*", "cpd.coachingSessions.*", "cpd.actionSteps.*"});
  // Who read it: told to the same two.
  rules.Allow(identity::kMembers, Reach::kOwn, {"audit.recordReads.list"});
  // The answer holds only what is shared with the caller.
  rules.Allow(identity::kMembers, Reach::kTrust, {"cpd.sharedSteps.list"});
  // Counts, and no more.
  constexpr Role kCounted[] = {type::v1::ROLE_CPD_LEAD, type::v1::ROLE_HEADTEACHER};
  rules.Allow(kCounted, Reach::kSchool, {"cpd.coachingCounts.read"});

  // The catalogue and its events: read by all; run by the CPD lead.
  rules.Allow(identity::kMembers, Reach::kTrust, {"cpd.courses.get", "cpd.courses.list", "cpd.events.get", "cpd.events.list"});
  rules.Allow(kCpdLead, Reach::kSchool, {"cpd.courses.create", "cpd.courses.update", "cpd.courses.delete"});
  rules.Allow(kCpdLead, Reach::kRowSchool, {"cpd.events.create", "cpd.events.update"});

  // Bookings: oneself, the line manager and the CPD lead. Whom one line-manages the service knows, not the grant: the answers hold
  // nobody else.
  rules.Allow(identity::kMembers, Reach::kTrust, {"cpd.bookings.create", "cpd.teamBookings.list", "cpd.learningRecords.get"});
  rules.Allow(identity::kMembers, Reach::kOwn,
              {"cpd.bookings.get", "cpd.bookings.list", "cpd.bookings.update", "cpd.bookings.cancel", "cpd.bookings.checkIn"});
  rules.Allow(kCpdLead, Reach::kRowSchool,
              {"cpd.bookings.get", "cpd.bookings.list", "cpd.bookings.update", "cpd.bookings.cancel", "cpd.bookings.manage"});

  // The register is kept by whoever leads the event, and by the CPD lead.
  rules.Allow(identity::kMembers, Reach::kOwn, {"cpd.attendance.record"});
  rules.Allow(kCpdLead, Reach::kRowSchool, {"cpd.attendance.record"});

  // Evaluations are written by who was there.
  rules.Allow(identity::kMembers, Reach::kOwn,
              {"cpd.evaluations.get", "cpd.evaluations.list", "cpd.evaluations.create", "cpd.evaluations.update"});
  rules.Allow(kCpdLead, Reach::kRowSchool, {"cpd.evaluations.get", "cpd.evaluations.list"});

  // Figures: directors and those above the school, and the staff of the school about their own.
  constexpr Role kTrustReaders[] = {type::v1::ROLE_DIRECTOR, type::v1::ROLE_CEO,      type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                                    type::v1::ROLE_CPD_LEAD, type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};
  rules.Allow(kTrustReaders, Reach::kSchool, {"evidence.readings.read"});
  rules.Allow(identity::kSchoolStaff, Reach::kSchool, {"evidence.readings.read"});
  rules.Allow(type::v1::ROLE_EXTERNAL_CONSULTANT, Reach::kSchool, {"evidence.readings.read"});

  rules.Allow(identity::kTrailReaders, Reach::kTrust, {"audit.auditEntries.list"});
  return rules.Take();
}

}  // namespace

absl::Span<const AccessRule> AccessRules() {
  static const std::vector<AccessRule>& rules = *new std::vector<AccessRule>(Build());
  return rules;
}

}  // namespace fivestrand::cpd::domain
