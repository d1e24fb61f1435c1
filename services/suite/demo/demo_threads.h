// The improvement threads of the demonstration trust: one that worked, one that did not, one that is under way, and a concern that
// nobody has answered. Internal to the demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_THREADS_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_THREADS_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"

#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// The trust must be there, so that its figures are computed; waits until they have reached leadership.
absl::Status LoadThreads(const DemoPlan& plan, Calls& leadership, Calls& cpd, Calls& welfare,
                         const std::function<void(std::string_view)>& step);
inline constexpr int kThreadSteps = 4;

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_THREADS_H_
