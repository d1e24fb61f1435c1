#include "services/leadership/domain/model/model_access.h"

#include "fivestrand/type/v1/role.pb.h"

namespace fivestrand::leadership::domain {

std::vector<identity::AccessRule> ModelAccessRules(absl::Span<const identity::Role> staff) {
  constexpr identity::Role kWriters[] = {type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_CEO, type::v1::ROLE_OPERATOR};
  std::vector<identity::AccessRule> rules;
  for (const identity::Role role : staff) rules.push_back({role, "leadership.improvementModels.get", identity::Reach::kTrust});
  for (const identity::Role role : kWriters)
    rules.push_back({role, "leadership.improvementModels.update", identity::Reach::kTrust});
  return rules;
}

}  // namespace fivestrand::leadership::domain
