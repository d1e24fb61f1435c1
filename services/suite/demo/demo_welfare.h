// Loads check-ins, support and pulse surveys of the demonstration trust into the welfare service. Internal to the demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_WELFARE_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_WELFARE_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"

#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// Check-ins of headteachers in each half term and of a share of the staff once a year, support, follow-ups. Waits until the service
// knows of the trust's posts.
absl::Status LoadWelfare(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step);
// Rounds that are over, and one that is open.
absl::Status LoadPulses(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_WELFARE_H_
