// Declares the kinds of record that leadership keeps.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_STRATEGIES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_STRATEGIES_H_

#include "absl/status/status.h"

#include "platform/resource/registry.h"

namespace fivestrand::leadership::domain {

// Every kind with its strategy.
absl::Status DeclareRecords(resource::Registry* registry);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_STRATEGIES_H_
