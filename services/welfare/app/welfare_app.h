// The welfare service as a part of a program: its own, or the suite.
#ifndef FIVESTRAND_SERVICES_WELFARE_APP_WELFARE_APP_H_
#define FIVESTRAND_SERVICES_WELFARE_APP_WELFARE_APP_H_

#include "absl/status/status.h"

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand::welfare {

absl::Status RegisterWelfare(app::AppBuilder& builder);

}  // namespace fivestrand::welfare

#endif  // FIVESTRAND_SERVICES_WELFARE_APP_WELFARE_APP_H_
