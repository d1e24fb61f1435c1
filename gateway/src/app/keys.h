// The gateway's keys: those that sign identity tokens, and those that seal session cookies.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_KEYS_H_
#define FIVESTRAND_GATEWAY_SRC_APP_KEYS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "platform/app/app.h"
#include "platform/crypto/keyring.h"
#include "platform/identity/token.h"

namespace fivestrand::gateway {

// Opens the key file, or makes one in the service's data directory when none is named and there is none yet.
absl::StatusOr<std::unique_ptr<identity::TokenSigner>> OpenSigner(app::Service& service, const std::string& key_file);

// Likewise. Without a sign-in there is nothing to seal, and a keyring in memory will do.
absl::StatusOr<std::shared_ptr<const crypto::Keyring>> OpenSessionKeyring(app::Service& service, const std::string& keyring_file,
                                                                          bool has_sign_in);

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_KEYS_H_
