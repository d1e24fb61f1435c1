#include "services/leadership/domain/access_loop.h"

#include "fivestrand/type/v1/role.pb.h"

namespace fivestrand::leadership::domain {

using identity::Reach;
using identity::Role;

void AddLoopRules(identity::RuleList* rules) {
  // The line: whoever answers for the school, and those above. Directors see that there is a concern and its figures, not the
  // words.
  constexpr Role kLine[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_CEO};
  constexpr Role kReaders[] = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_CEO,
                               type::v1::ROLE_DIRECTOR};
  rules->Allow(kReaders, Reach::kRowSchool,
               {"leadership.concerns.get", "leadership.concerns.list", "leadership.concerns.readFigures",
                "leadership.improvementThreads.get", "leadership.improvementThreads.list"});
  rules->Allow(kReaders, Reach::kSchool, {"leadership.concerns.readPace"});
  rules->Allow(kLine, Reach::kRowSchool,
               {"leadership.concerns.readWords", "leadership.concerns.answer", "leadership.improvementThreads.update"});
  // Anybody else whom a concern or thread names: the accountable person, who raised it, who leads. Whoever only raised a concern
  // may not answer it; the verbs see to that.
  rules->Allow(identity::kMembers, Reach::kOwn,
               {"leadership.concerns.get", "leadership.concerns.list", "leadership.concerns.answer",
                "leadership.improvementThreads.get", "leadership.improvementThreads.list", "leadership.improvementThreads.update"});

  // Any leader may raise one by hand.
  constexpr Role kLeaders[] = {type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_HEADTEACHER,
                               type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER};
  rules->Allow(kLeaders, Reach::kRowSchool, {"leadership.concerns.create"});
  constexpr Role kEvaluators[] = {type::v1::ROLE_CEO, type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_OPERATOR,
                                  type::v1::ROLE_SERVICE};
  rules->Allow(kEvaluators, Reach::kTrust, {"leadership.concerns.evaluate"});
  // History that is brought in from elsewhere: the verbs see to it that it is dated.
  constexpr Role kHistorians[] = {type::v1::ROLE_OPERATOR};
  rules->Allow(kHistorians, Reach::kTrust, {"leadership.concerns.answer", "leadership.improvementThreads.update"});
}

}  // namespace fivestrand::leadership::domain
