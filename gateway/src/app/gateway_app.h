// The gateway as a part of a program: of its own, or of the suite.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_APP_H_
#define FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_APP_H_

#include "absl/status/status.h"

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand::gateway {

// Adds the gateway. In a process with the leadership service it reaches it without a socket, unless --leadership-target says
// otherwise, and gives the keys that it signs with to the process's verifier.
absl::Status RegisterGateway(app::AppBuilder& builder);

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_APP_H_
