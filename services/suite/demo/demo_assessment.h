// Loads scales, windows, pupils and results of the demonstration trust into the assessment service. Internal to the demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_ASSESSMENT_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_ASSESSMENT_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"

#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// `step` is told what was loaded. Waits until the service knows of the trust's schools and classes.
absl::Status LoadAssessment(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_ASSESSMENT_H_
