// Loads coaching and professional development of the demonstration trust into the cpd service. Internal to the demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LEARNING_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LEARNING_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"

#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// Courses and their events with bookings, registers and evaluations. Waits until the service knows of the trust's people.
absl::Status LoadCourses(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step);
// Coaching of some sixty pairs.
absl::Status LoadCoaching(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step);

// Id of an event of LoadCourses that a story takes up: writing, in April 2026.
inline constexpr char kWritingEvent[] = "writing-2026-04";

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LEARNING_H_
