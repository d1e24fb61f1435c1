// The gateway as a part of a program: of its own, or of the suite.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_APP_H_
#define FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_APP_H_

#include "absl/status/status.h"

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand::gateway {

// Adds the gateway. Services of the same process it reaches within it, unless --<service>-target says otherwise, and in the suite
// it gives the keys that it signs with to the process's verifier.
absl::Status RegisterGateway(app::AppBuilder& builder);

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_APP_H_
