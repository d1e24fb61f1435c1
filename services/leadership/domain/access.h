// Who may do what with leadership's records: the defaults of the trust's policy, as one table. docs/reference/access.md is made
// from it.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_H_

#include "absl/types/span.h"
#include "fivestrand/leadership/v1/people.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/access.h"

namespace fivestrand::leadership::domain {

absl::Span<const identity::AccessRule> AccessRules();

// The role that goes with a kind of post, for imports. ROLE_UNSPECIFIED: none.
type::v1::Role RoleOfPost(v1::Post::Kind kind);

// Whether a grant of the role may be for the whole trust; the others must name schools.
bool TrustRole(type::v1::Role role);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_H_
