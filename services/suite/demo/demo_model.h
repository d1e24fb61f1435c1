// The demonstration trust's own improvement model: the default with a few settings of its own. Internal to the demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_MODEL_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_MODEL_H_

#include "absl/status/status.h"

#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

absl::Status LoadModel(const DemoPlan& plan, Calls& leadership);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_MODEL_H_
