// The leadership service as a part of a program: its own, or the suite.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_APP_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_APP_H_

#include "absl/status/status.h"

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand::leadership {

absl::Status RegisterLeadership(app::AppBuilder& builder);

}  // namespace fivestrand::leadership

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_APP_H_
