// Declares the records of this service with their rules.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_STRATEGIES_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_STRATEGIES_H_

#include <memory>

#include "platform/resource/registry.h"
#include "services/cpd/domain/cpd_rows.h"

namespace fivestrand::cpd::domain {

absl::Status DeclareRecords(std::shared_ptr<const CpdRows> rows, resource::Registry* registry);

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_STRATEGIES_H_
