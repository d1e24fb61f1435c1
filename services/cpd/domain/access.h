// Who may do what with the records of this service: the defaults of the trust's policy, as one table. docs/reference/access.md is
// made from it.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_ACCESS_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_ACCESS_H_

#include "absl/types/span.h"

#include "platform/identity/access.h"

namespace fivestrand::cpd::domain {

absl::Span<const identity::AccessRule> AccessRules();

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_ACCESS_H_
