// The commands that set a trust up and give scripts a token.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_TRUST_COMMAND_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_TRUST_COMMAND_H_

#include <string>

#include "absl/time/time.h"

#include "platform/identity/token.h"
#include "services/suite/cli/connection.h"
#include "services/suite/cli/console.h"
#include "services/suite/demo/demo_loader.h"

namespace fivestrand::cli {

// Each returns the exit code.

struct TrustOptions {
  // trusts/{trust}.
  std::string trust;
  // Needed for a trust that is not there yet; empty leaves it as it is.
  std::string display_name;
  std::string group_code;
};
// Creates the trust, or changes the fields that are given.
int CreateTrust(const Connection& connection, const Console& console, const TrustOptions& options);

// Loads the demonstration trust, or says that it is there already. `now`: records end the day before.
int LoadDemonstration(const demo::DemoServices& services, const identity::TokenSigner& signer, const Console& console,
                      absl::Time now, int schools = demo::kStorySchools);

// Prints a token of the person, trusts/{trust}/people/{person}, with the grants that count now. `connection` is for asking
// leadership about them: its token is of a process of the suite.
int PrintPersonToken(const Connection& connection, const identity::TokenSigner& signer, const Console& console,
                     const std::string& person);
// Prints a token of the command line itself.
int PrintOperatorToken(const identity::TokenSigner& signer, const Console& console);

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_TRUST_COMMAND_H_
