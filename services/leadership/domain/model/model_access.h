// Who may read and change the improvement model.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_ACCESS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_ACCESS_H_

#include <vector>

#include "absl/types/span.h"

#include "platform/identity/access.h"

namespace fivestrand::leadership::domain {

// Every one of `staff` reads it; administrators and the CEO change it. Part of AccessRules() of the service.
std::vector<identity::AccessRule> ModelAccessRules(absl::Span<const identity::Role> staff);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_ACCESS_H_
