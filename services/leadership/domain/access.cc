#include "services/leadership/domain/access.h"

#include <vector>

#include "platform/identity/roles.h"
#include "services/leadership/domain/access_loop.h"
#include "services/leadership/domain/model/model_access.h"

namespace fivestrand::leadership::domain {
namespace {

using identity::AccessRule;
using identity::Reach;
using type::v1::Role;

// Who knows what everybody knows, and the processes that work with it.
constexpr auto kKnowing = identity::BothRoles(identity::kMembers, identity::kProcesses);

std::vector<AccessRule> Build() {
  identity::RuleList rules;

  // Every member of staff knows the organisation and the calendar. An external consultant's grant names schools, so only theirs.
  rules.Allow(kKnowing, Reach::kTrust,
              {"leadership.trusts.get", "leadership.schools.get", "leadership.schools.list", "leadership.people.get",
               "leadership.people.list", "leadership.posts.get", "leadership.posts.list", "leadership.subjects.get",
               "leadership.subjects.list", "leadership.teachingFocuses.get", "leadership.teachingFocuses.list",
               "leadership.bankHolidays.get", "leadership.bankHolidays.list", "leadership.academicYears.get",
               "leadership.academicYears.list", "leadership.classes.get", "leadership.classes.list"});
  rules.Allow(type::v1::ROLE_EXTERNAL_CONSULTANT, Reach::kSchool,
              {"leadership.schools.get", "leadership.academicYears.get", "leadership.academicYears.list", "leadership.classes.get",
               "leadership.classes.list"});

  // Organisation and calendar are the administrator's; a headteacher may plan the own school's year and classes.
  constexpr Role kAdministration[] = {type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_OPERATOR};
  rules.Allow(kAdministration, Reach::kTrust,
              {"leadership.trusts.*", "leadership.schools.*", "leadership.people.*", "leadership.posts.*",
               "leadership.lineManagements.*", "leadership.subjects.*", "leadership.teachingFocuses.*", "leadership.classes.*",
               "leadership.academicYears.*", "leadership.bankHolidays.*"});
  rules.Allow(type::v1::ROLE_DATA_LEAD, Reach::kTrust,
              {"leadership.classes.create", "leadership.classes.update", "leadership.classes.delete", "leadership.subjects.create",
               "leadership.subjects.update"});
  rules.Allow(type::v1::ROLE_HEADTEACHER, Reach::kSchool,
              {"leadership.academicYears.create", "leadership.academicYears.update", "leadership.classes.create",
               "leadership.classes.update", "leadership.classes.delete"});

  // People: contact and line management.
  rules.Allow(type::v1::ROLE_HR_DIRECTOR, Reach::kTrust,
              {"leadership.people.create", "leadership.people.update", "leadership.people.import", "leadership.people.readContact",
               "leadership.posts.create", "leadership.posts.update", "leadership.posts.delete", "leadership.lineManagements.*"});
  rules.Allow(kKnowing, Reach::kOwn,
              {"leadership.lineManagements.get", "leadership.lineManagements.list", "leadership.people.readContact"});

  // Grants: never for oneself alone (the strategy sees to that); the CEO can confirm.
  rules.Allow(kAdministration, Reach::kTrust, {"leadership.roleGrants.*"});
  rules.Allow(type::v1::ROLE_CEO, Reach::kTrust,
              {"leadership.roleGrants.confirm", "leadership.roleGrants.get", "leadership.roleGrants.list"});
  rules.Allow(type::v1::ROLE_DATA_PROTECTION_OFFICER, Reach::kTrust, {"leadership.roleGrants.get", "leadership.roleGrants.list"});
  rules.Allow(kKnowing, Reach::kOwn, {"leadership.roleGrants.get", "leadership.roleGrants.list"});

  // Visits (1.2): written by the CEO and executive headteachers; read by them and by the school's head and senior leaders.
  constexpr Role kVisitors[] = {type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER};
  constexpr Role kHeadAndSenior[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER};
  rules.Allow(kVisitors, Reach::kSchool, {"leadership.visits.get", "leadership.visits.list", "leadership.visits.create"});
  // What a colleague wrote stays theirs.
  rules.Allow(kVisitors, Reach::kOwn, {"leadership.visits.update", "leadership.visits.delete"});
  rules.Allow(kHeadAndSenior, Reach::kSchool, {"leadership.visits.get", "leadership.visits.list"});

  // Drop-ins, duties and modelled lessons (1.3).
  constexpr Role kLeaders[] = {type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_HEADTEACHER,
                               type::v1::ROLE_SENIOR_LEADER};
  constexpr Role kReaders[] = {type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER};
  for (const char* read : {"leadership.dropIns.get", "leadership.dropIns.list", "leadership.duties.get", "leadership.duties.list",
                           "leadership.modelledLessons.get", "leadership.modelledLessons.list"}) {
    rules.Allow(kReaders, Reach::kSchool, {read});
    // The author, and the teacher concerned.
    rules.Allow(identity::kSchoolStaff, Reach::kOwn, {read});
    rules.Allow(type::v1::ROLE_CEO, Reach::kOwn, {read});
  }
  rules.Allow(kLeaders, Reach::kSchool,
              {"leadership.dropIns.create", "leadership.duties.create", "leadership.modelledLessons.create"});
  rules.Allow(type::v1::ROLE_MIDDLE_LEADER, Reach::kSubjectOrYear,
              {"leadership.dropIns.create", "leadership.modelledLessons.create"});
  constexpr Role kAuthors[] = {type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_HEADTEACHER,
                               type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER};
  for (const char* write : {"leadership.dropIns.update", "leadership.dropIns.delete", "leadership.duties.update",
                            "leadership.duties.delete", "leadership.modelledLessons.update", "leadership.modelledLessons.delete"}) {
    rules.Allow(kAuthors, Reach::kOwn, {write});
  }

  // Figures: directors, and the staff of the school about their own; never by named teacher.
  constexpr Role kTrustReaders[] = {type::v1::ROLE_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                                    type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};
  rules.Allow(kTrustReaders, Reach::kSchool, {"evidence.readings.read"});
  rules.Allow(identity::kSchoolStaff, Reach::kSchool, {"evidence.readings.read"});
  rules.Allow(type::v1::ROLE_EXTERNAL_CONSULTANT, Reach::kSchool, {"evidence.readings.read"});

  AddModelRules(kKnowing, &rules);
  AddLoopRules(&rules);

  rules.Allow(identity::kTrailReaders, Reach::kTrust, {"audit.auditEntries.list"});
  return rules.Take();
}

}  // namespace

absl::Span<const AccessRule> AccessRules() {
  static const std::vector<AccessRule>& rules = *new std::vector<AccessRule>(Build());
  return rules;
}

Role RoleOfPost(v1::Post::Kind kind) {
  switch (kind) {
    case v1::Post::CEO:
      return type::v1::ROLE_CEO;
    case v1::Post::EXECUTIVE_HEADTEACHER:
      return type::v1::ROLE_EXECUTIVE_HEADTEACHER;
    case v1::Post::DIRECTOR:
      return type::v1::ROLE_DIRECTOR;
    case v1::Post::HEADTEACHER:
      return type::v1::ROLE_HEADTEACHER;
    case v1::Post::SENIOR_LEADER:
      return type::v1::ROLE_SENIOR_LEADER;
    case v1::Post::MIDDLE_LEADER:
      return type::v1::ROLE_MIDDLE_LEADER;
    case v1::Post::TEACHER:
      return type::v1::ROLE_TEACHER;
    case v1::Post::SENDCO:
      return type::v1::ROLE_SENDCO;
    case v1::Post::SUPPORT_STAFF:
      return type::v1::ROLE_SUPPORT_STAFF;
    // What a trust officer may do is decided one by one.
    case v1::Post::TRUST_OFFICER:
    case v1::Post::OTHER:
    case v1::Post::KIND_UNSPECIFIED:
    default:
      return type::v1::ROLE_UNSPECIFIED;
  }
}

bool TrustRole(Role role) {
  return (role >= type::v1::ROLE_DIRECTOR && role <= type::v1::ROLE_DATA_PROTECTION_OFFICER) || role == type::v1::ROLE_COACH;
}

}  // namespace fivestrand::leadership::domain
