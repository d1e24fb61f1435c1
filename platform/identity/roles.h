// Roles that several services give rights to, so that a new role is thought of in one place; and how rules are written down.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_ROLES_H_
#define FIVESTRAND_PLATFORM_IDENTITY_ROLES_H_

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/access.h"

namespace fivestrand::identity {

template <std::size_t N, std::size_t M>
constexpr std::array<Role, N + M> BothRoles(const std::array<Role, N>& some, const std::array<Role, M>& others) {
  std::array<Role, N + M> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = some[i];
  for (std::size_t i = 0; i < M; ++i) all[N + i] = others[i];
  return all;
}

// Who works in one school.
inline constexpr std::array kSchoolStaff = {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                                            type::v1::ROLE_TEACHER,     type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF};
// Who works in the trust, in a school or above.
inline constexpr auto kEmployees =
    BothRoles(std::array{type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER, type::v1::ROLE_HR_DIRECTOR,
                         type::v1::ROLE_DATA_LEAD, type::v1::ROLE_SEND_LEAD, type::v1::ROLE_CPD_LEAD, type::v1::ROLE_ADMINISTRATOR,
                         type::v1::ROLE_DATA_PROTECTION_OFFICER, type::v1::ROLE_COACH},
              kSchoolStaff);
// And the directors of its board.
inline constexpr auto kMembers = BothRoles(kEmployees, std::array{type::v1::ROLE_DIRECTOR});
// What is no person: whoever runs the command line on the server, and the other services.
inline constexpr std::array kProcesses = {type::v1::ROLE_OPERATOR, type::v1::ROLE_SERVICE};
// Who may read the audit trail: who did what to which record, without contents.
inline constexpr std::array kTrailReaders = {type::v1::ROLE_DATA_PROTECTION_OFFICER, type::v1::ROLE_ADMINISTRATOR,
                                             type::v1::ROLE_OPERATOR};

// Rules as they are written down: who may do what, and how far.
class RuleList {
 public:
  // The permissions outlive the rules: string literals.
  void Allow(absl::Span<const Role> roles, Reach reach, std::initializer_list<std::string_view> permissions);
  void Allow(Role role, Reach reach, std::initializer_list<std::string_view> permissions) { Allow({&role, 1}, reach, permissions); }

  std::vector<AccessRule> Take() { return std::move(rules_); }

 private:
  std::vector<AccessRule> rules_;
};

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_ROLES_H_
