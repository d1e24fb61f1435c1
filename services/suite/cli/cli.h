// What the suite's binary adds to its services: commands for the people who run it, and the demonstration trust.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_CLI_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_CLI_H_

#include "absl/status/status.h"

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand::cli {

// Adds `import schools`, `import people`, `import bank-holidays`, `trust create`, `demo load` and `token`. Each calls a running
// leadership service over gRPC as `operators/cli`, with a token that it signs with the gateway's key.
absl::Status RegisterCli(app::AppBuilder& builder);

// With the gateway's flag --demo: loads the demonstration trust in the background when the servers listen and it is not there
// whole. To be added after the gateway and the leadership service.
absl::Status RegisterDemo(app::AppBuilder& builder);

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_CLI_H_
