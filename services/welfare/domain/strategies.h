// The kinds of record that the welfare service keeps.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_STRATEGIES_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_STRATEGIES_H_

#include "absl/status/status.h"

#include "platform/resource/registry.h"
#include "services/welfare/domain/welfare_rules.h"

namespace fivestrand::welfare::domain {

absl::Status DeclareRecords(resource::Registry* registry, const Knowledge& knowledge);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_STRATEGIES_H_
