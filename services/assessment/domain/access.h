// Who may do what with assessment's records: the defaults of the trust's policy, as one table. docs/reference/access.md is made
// from it.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_ACCESS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_ACCESS_H_

#include "absl/types/span.h"

#include "platform/identity/access.h"

namespace fivestrand::assessment::domain {

absl::Span<const identity::AccessRule> AccessRules();

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_ACCESS_H_
