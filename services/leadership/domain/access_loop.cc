#include "services/leadership/domain/access_loop.h"

#include <initializer_list>

#include "absl/types/span.h"
#include "fivestrand/type/v1/role.pb.h"

namespace fivestrand::leadership::domain {

using identity::Reach;
using identity::Role;

void AddLoopRules(std::vector<identity::AccessRule>* rules) {
  auto allow = [&](absl::Span<const Role> roles, Reach reach, std::initializer_list<const char*> permissions) {
    for (Role role : roles) {
      for (const char* permission : permissions) rules->push_back({role, permission, reach});
    }
  };
  // The line: whoever answers for the school, and those above. Directors see that there is a concern and its figures, not the
  // words.
  constexpr Role kLine[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_CEO};
  constexpr Role kReaders[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_CEO,
                               type::v1::ROLE_DIRECTOR};
  // Anybody else whom a concern or thread names: the accountable person, who raised it, who leads.
  constexpr Role kStaff[] = {type::v1::ROLE_DIRECTOR,    type::v1::ROLE_CEO,           type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                             type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_DATA_LEAD,     type::v1::ROLE_SEND_LEAD,
                             type::v1::ROLE_CPD_LEAD,    type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_DATA_PROTECTION_OFFICER,
                             type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                             type::v1::ROLE_TEACHER,     type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF,
                             type::v1::ROLE_COACH};
  allow(kReaders, Reach::kRowSchool,
        {"leadership.concerns.get", "leadership.concerns.list", "leadership.concerns.readFigures",
         "leadership.improvementThreads.get", "leadership.improvementThreads.list"});
  allow(kReaders, Reach::kSchool, {"leadership.concerns.readPace"});
  allow(kLine, Reach::kRowSchool,
        {"leadership.concerns.readWords", "leadership.concerns.answer", "leadership.improvementThreads.update"});
  // Whoever only raised a concern may not answer it; the verbs see to that.
  allow(kStaff, Reach::kOwn,
        {"leadership.concerns.get", "leadership.concerns.list", "leadership.concerns.answer", "leadership.improvementThreads.get",
         "leadership.improvementThreads.list", "leadership.improvementThreads.update"});

  // Any leader may raise one by hand.
  constexpr Role kLeaders[] = {type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_HEADTEACHER,
                               type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER};
  allow(kLeaders, Reach::kRowSchool, {"leadership.concerns.create"});
  constexpr Role kEvaluators[] = {type::v1::ROLE_CEO, type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_OPERATOR,
                                  type::v1::ROLE_SERVICE};
  allow(kEvaluators, Reach::kTrust, {"leadership.concerns.evaluate"});
  // History that is brought in from elsewhere: the verbs see to it that it is dated.
  constexpr Role kHistorians[] = {type::v1::ROLE_OPERATOR};
  allow(kHistorians, Reach::kTrust, {"leadership.concerns.answer", "leadership.improvementThreads.update"});
}

}  // namespace fivestrand::leadership::domain
