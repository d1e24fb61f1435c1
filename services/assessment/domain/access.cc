#include "services/assessment/domain/access.h"

#include <initializer_list>
#include <vector>

#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/roles.h"

namespace fivestrand::assessment::domain {
namespace {

using identity::AccessRule;
using identity::Reach;
using identity::Role;

// Who teaches has classes; whoever leads may teach as well.
constexpr Role kTeaching[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                              type::v1::ROLE_TEACHER, type::v1::ROLE_SENDCO};

// Trust-wide keepers of pupils and results.
constexpr Role kKeepers[] = {type::v1::ROLE_DATA_LEAD, type::v1::ROLE_OPERATOR};

// Who sees the pupils of their schools, beside the class teacher and the middle leader.
constexpr Role kPupilReaders[] = {
    type::v1::ROLE_CEO,         type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_DATA_LEAD, type::v1::ROLE_SEND_LEAD,
    type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER,         type::v1::ROLE_SENDCO,    type::v1::ROLE_OPERATOR};

// Who knows what everybody knows, and the processes that work with it.
constexpr auto kKnowing = identity::BothRoles(identity::kMembers, identity::kProcesses);

std::vector<AccessRule> Build() {
  identity::RuleList rules;

  // What is assessed and when is known to all staff; the data lead keeps it.
  rules.Allow(kKnowing, Reach::kTrust,
              {"assessment.scales.get", "assessment.scales.list", "assessment.frameworks.get", "assessment.frameworks.list",
               "assessment.assessmentWindows.get", "assessment.assessmentWindows.list"});
  rules.Allow(kKeepers, Reach::kTrust,
              {"assessment.scales.*", "assessment.frameworks.*", "assessment.assessmentWindows.*", "assessment.columnMappings.*",
               "assessment.imports.*", "assessment.pupils.*", "assessment.enrolments.*", "assessment.classMemberships.*",
               "assessment.groupMemberships.*", "assessment.classPupils.list", "assessment.results.*"});

  // Pupils, their schools and classes. A pupil's name is at trust level, the school is a fact of the record.
  rules.Allow(kPupilReaders, Reach::kRowSchool,
              {"assessment.pupils.get", "assessment.pupils.list", "assessment.enrolments.get", "assessment.enrolments.list",
               "assessment.classMemberships.get", "assessment.classMemberships.list", "assessment.pupils.readOverview",
               "assessment.results.list"});
  rules.Allow(kPupilReaders, Reach::kSchool, {"assessment.classPupils.list", "assessment.results.readGrid"});
  // A middle leader's own subject or year, and a teacher's own classes: the pages of single pupils and classes decide row by row.
  rules.Allow(type::v1::ROLE_MIDDLE_LEADER, Reach::kRowSchool, {"assessment.pupils.readOverview", "assessment.results.list"});
  rules.Allow(type::v1::ROLE_MIDDLE_LEADER, Reach::kSubjectOrYear, {"assessment.classPupils.list", "assessment.results.readGrid"});
  rules.Allow(kTeaching, Reach::kOwn,
              {"assessment.pupils.readOverview", "assessment.results.list", "assessment.classPupils.list",
               "assessment.results.readGrid", "assessment.results.write"});

  // Figures: whoever may see the pupils sees them all; directors and consultants see those that hide single pupils.
  constexpr Role kFigureReaders[] = {type::v1::ROLE_DIRECTOR, type::v1::ROLE_EXTERNAL_CONSULTANT};
  // A question about the trust is one about the schools that the grant names.
  rules.Allow(kPupilReaders, Reach::kRowSchool, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  rules.Allow(type::v1::ROLE_SERVICE, Reach::kRowSchool, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  rules.Allow(type::v1::ROLE_MIDDLE_LEADER, Reach::kSubjectOrYear, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  rules.Allow(kTeaching, Reach::kOwn, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  rules.Allow(kFigureReaders, Reach::kRowSchool, {"assessment.analysis.read"});
  constexpr Role kEvidenceReaders[] = {
      type::v1::ROLE_DIRECTOR,      type::v1::ROLE_CEO,           type::v1::ROLE_EXECUTIVE_HEADTEACHER,
      type::v1::ROLE_DATA_LEAD,     type::v1::ROLE_SEND_LEAD,     type::v1::ROLE_HEADTEACHER,
      type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER, type::v1::ROLE_TEACHER,
      type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF, type::v1::ROLE_EXTERNAL_CONSULTANT,
      type::v1::ROLE_OPERATOR,      type::v1::ROLE_SERVICE};
  rules.Allow(kEvidenceReaders, Reach::kSchool, {"evidence.readings.read"});

  // Special-category facts: whoever needs to know. Class teachers learn of special needs and care on the pupil's page.
  constexpr Role kNeedToKnow[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENDCO, type::v1::ROLE_SEND_LEAD};
  rules.Allow(kNeedToKnow, Reach::kRowSchool, {"assessment.groupMemberships.get"});
  constexpr Role kNeeds[] = {type::v1::ROLE_SENDCO, type::v1::ROLE_SEND_LEAD};
  rules.Allow(kNeeds, Reach::kRowSchool,
              {"assessment.groupMemberships.create", "assessment.groupMemberships.update", "assessment.groupMemberships.delete"});

  rules.Allow(identity::kTrailReaders, Reach::kTrust, {"audit.auditEntries.list"});
  return rules.Take();
}

}  // namespace

absl::Span<const AccessRule> AccessRules() {
  static const std::vector<AccessRule>& rules = *new std::vector<AccessRule>(Build());
  return rules;
}

}  // namespace fivestrand::assessment::domain
