// Who may read and change the improvement model.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_ACCESS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_ACCESS_H_

#include "absl/types/span.h"

#include "platform/identity/roles.h"

namespace fivestrand::leadership::domain {

// Every one of `staff` reads it; administrators and the CEO change it. Part of AccessRules() of the service.
void AddModelRules(absl::Span<const identity::Role> staff, identity::RuleList* rules);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_ACCESS_H_
