// The cpd service as part of a program.
#ifndef FIVESTRAND_SERVICES_CPD_APP_CPD_APP_H_
#define FIVESTRAND_SERVICES_CPD_APP_CPD_APP_H_

#include "absl/status/status.h"

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand::cpd {

// Adds the service with its configuration and commands.
absl::Status RegisterCpd(app::AppBuilder& builder);

}  // namespace fivestrand::cpd

#endif  // FIVESTRAND_SERVICES_CPD_APP_CPD_APP_H_
