// A leadership service that a command calls.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_CONNECTION_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_CONNECTION_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/identity/token.h"
#include "platform/rpc/client.h"

namespace fivestrand::cli {

inline constexpr absl::Duration kCallTimeout = absl::Seconds(55);

// The client outlives it.
struct Connection {
  rpc::Client* client;
  // Of whom the calls are made.
  std::string token;
};

// A token for the command line itself: `operators/cli`, who may set up a trust.
absl::StatusOr<std::string> OperatorToken(const identity::TokenSigner& signer);
// For what only processes of the suite may ask: `services/cli`.
absl::StatusOr<std::string> ServiceToken(const identity::TokenSigner& signer);

// `method` without the package, for example OrganisationService.GetTrust.
absl::Status Call(const Connection& connection, std::string_view method, const google::protobuf::Message& request,
                  google::protobuf::Message* response);

// A random UUID, which lets a call be repeated without writing twice.
std::string NewRequestId();

// `acorn` or `trusts/acorn` as trusts/acorn. INVALID_ARGUMENT for anything else.
absl::StatusOr<std::string> TrustName(std::string_view text);

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_CONNECTION_H_
