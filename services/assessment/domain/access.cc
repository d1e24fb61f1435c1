#include "services/assessment/domain/access.h"

#include <initializer_list>
#include <vector>

#include "fivestrand/type/v1/role.pb.h"

namespace fivestrand::assessment::domain {
namespace {

using identity::AccessRule;
using identity::Reach;
using identity::Role;

constexpr Role kStaff[] = {type::v1::ROLE_DIRECTOR,    type::v1::ROLE_CEO,           type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                           type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_DATA_LEAD,     type::v1::ROLE_SEND_LEAD,
                           type::v1::ROLE_CPD_LEAD,    type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_DATA_PROTECTION_OFFICER,
                           type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                           type::v1::ROLE_TEACHER,     type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF,
                           type::v1::ROLE_COACH,       type::v1::ROLE_OPERATOR,      type::v1::ROLE_SERVICE};

// Who teaches has classes; whoever leads may teach as well.
constexpr Role kTeaching[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                              type::v1::ROLE_TEACHER, type::v1::ROLE_SENDCO};

// Trust-wide keepers of pupils and results.
constexpr Role kKeepers[] = {type::v1::ROLE_DATA_LEAD, type::v1::ROLE_OPERATOR};

// Who sees the pupils of their schools, beside the class teacher and the middle leader.
constexpr Role kPupilReaders[] = {
    type::v1::ROLE_CEO,         type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_DATA_LEAD, type::v1::ROLE_SEND_LEAD,
    type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER,         type::v1::ROLE_SENDCO,    type::v1::ROLE_OPERATOR};

std::vector<AccessRule> Build() {
  std::vector<AccessRule> rules;
  auto allow = [&](absl::Span<const Role> roles, Reach reach, std::initializer_list<const char*> permissions) {
    for (const Role role : roles) {
      for (const char* permission : permissions) rules.push_back({role, permission, reach});
    }
  };

  // What is assessed and when is known to all staff; the data lead keeps it.
  allow(kStaff, Reach::kTrust,
        {"assessment.scales.get", "assessment.scales.list", "assessment.frameworks.get", "assessment.frameworks.list",
         "assessment.assessmentWindows.get", "assessment.assessmentWindows.list"});
  allow(kKeepers, Reach::kTrust,
        {"assessment.scales.*", "assessment.frameworks.*", "assessment.assessmentWindows.*", "assessment.columnMappings.*",
         "assessment.imports.*", "assessment.pupils.*", "assessment.enrolments.*", "assessment.classMemberships.*",
         "assessment.groupMemberships.*", "assessment.classPupils.list", "assessment.results.*"});

  // Pupils, their schools and classes. A pupil's name is at trust level, the school is a fact of the record.
  allow(kPupilReaders, Reach::kRowSchool,
        {"assessment.pupils.get", "assessment.pupils.list", "assessment.enrolments.get", "assessment.enrolments.list",
         "assessment.classMemberships.get", "assessment.classMemberships.list", "assessment.pupils.readOverview",
         "assessment.results.list"});
  allow(kPupilReaders, Reach::kSchool, {"assessment.classPupils.list", "assessment.results.readGrid"});
  // A middle leader's own subject or year, and a teacher's own classes: the pages of single pupils and classes decide row by row.
  allow({{type::v1::ROLE_MIDDLE_LEADER}}, Reach::kRowSchool, {"assessment.pupils.readOverview", "assessment.results.list"});
  allow({{type::v1::ROLE_MIDDLE_LEADER}}, Reach::kSubjectOrYear, {"assessment.classPupils.list", "assessment.results.readGrid"});
  allow(kTeaching, Reach::kOwn,
        {"assessment.pupils.readOverview", "assessment.results.list", "assessment.classPupils.list", "assessment.results.readGrid",
         "assessment.results.write"});

  // Figures: whoever may see the pupils sees them all; directors and consultants see those that hide single pupils.
  constexpr Role kFigureReaders[] = {type::v1::ROLE_DIRECTOR, type::v1::ROLE_EXTERNAL_CONSULTANT};
  // A question about the trust is one about the schools that the grant names.
  allow(kPupilReaders, Reach::kRowSchool, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  allow({{type::v1::ROLE_SERVICE}}, Reach::kRowSchool, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  allow({{type::v1::ROLE_MIDDLE_LEADER}}, Reach::kSubjectOrYear, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  allow(kTeaching, Reach::kOwn, {"assessment.analysis.read", "assessment.analysis.listPupils"});
  allow(kFigureReaders, Reach::kRowSchool, {"assessment.analysis.read"});
  constexpr Role kEvidenceReaders[] = {
      type::v1::ROLE_DIRECTOR,      type::v1::ROLE_CEO,           type::v1::ROLE_EXECUTIVE_HEADTEACHER,
      type::v1::ROLE_DATA_LEAD,     type::v1::ROLE_SEND_LEAD,     type::v1::ROLE_HEADTEACHER,
      type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER, type::v1::ROLE_TEACHER,
      type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF, type::v1::ROLE_EXTERNAL_CONSULTANT,
      type::v1::ROLE_OPERATOR,      type::v1::ROLE_SERVICE};
  allow(kEvidenceReaders, Reach::kSchool, {"evidence.readings.read"});

  // Special-category facts: whoever needs to know. Class teachers learn of special needs and care on the pupil's page.
  constexpr Role kNeedToKnow[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENDCO, type::v1::ROLE_SEND_LEAD};
  allow(kNeedToKnow, Reach::kRowSchool, {"assessment.groupMemberships.get"});
  constexpr Role kNeeds[] = {type::v1::ROLE_SENDCO, type::v1::ROLE_SEND_LEAD};
  allow(kNeeds, Reach::kRowSchool,
        {"assessment.groupMemberships.create", "assessment.groupMemberships.update", "assessment.groupMemberships.delete"});

  constexpr Role kTrail[] = {type::v1::ROLE_DATA_PROTECTION_OFFICER, type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_OPERATOR};
  allow(kTrail, Reach::kTrust, {"audit.auditEntries.list"});
  return rules;
}

}  // namespace

absl::Span<const AccessRule> AccessRules() {
  static const std::vector<AccessRule>& rules = *new std::vector<AccessRule>(Build());
  return rules;
}

}  // namespace fivestrand::assessment::domain
