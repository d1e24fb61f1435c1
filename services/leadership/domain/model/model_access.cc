#include "services/leadership/domain/model/model_access.h"

#include "fivestrand/type/v1/role.pb.h"

namespace fivestrand::leadership::domain {

void AddModelRules(absl::Span<const identity::Role> staff, identity::RuleList* rules) {
  constexpr identity::Role kWriters[] = {type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_CEO, type::v1::ROLE_OPERATOR};
  rules->Allow(staff, identity::Reach::kTrust, {"leadership.improvementModels.get"});
  rules->Allow(kWriters, identity::Reach::kTrust, {"leadership.improvementModels.update"});
}

}  // namespace fivestrand::leadership::domain
