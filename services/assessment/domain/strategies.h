// The kinds of record that assessment keeps, with their rules.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_STRATEGIES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_STRATEGIES_H_

#include <memory>

#include "absl/status/status.h"

#include "platform/resource/registry.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::assessment::domain {

absl::Status DeclareRecords(std::shared_ptr<const RecordSource> source, resource::Registry* registry);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_STRATEGIES_H_
