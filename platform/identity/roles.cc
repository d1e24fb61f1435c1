#include "platform/identity/roles.h"

namespace fivestrand::identity {

void RuleList::Allow(absl::Span<const Role> roles, Reach reach, std::initializer_list<std::string_view> permissions) {
  for (const Role role : roles) {
    for (const std::string_view permission : permissions) rules_.push_back({role, permission, reach});
  }
}

}  // namespace fivestrand::identity
