// Loads the organisation of the demonstration trust and its year of visible leadership. Internal to the demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LEADERSHIP_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LEADERSHIP_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"

#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// Schools, people, subjects, calendars and classes; everything but the trust itself, so that no figure of it is computed before all
// that it is made of is there. `step` is told what was loaded; so in all that follows.
absl::Status LoadOrganisation(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step);

// Visits, drop-ins, duties and modelled lessons.
absl::Status LoadLeadership(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step);

// The trust; `complete` says that the rest is there.
absl::Status LoadTrust(const DemoPlan& plan, Calls& calls, bool complete);
absl::StatusOr<bool> IsComplete(Calls& calls);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LEADERSHIP_H_
