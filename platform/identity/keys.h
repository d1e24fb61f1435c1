// OpenSSL keys and JWKs. For the sources of platform/identity only.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_KEYS_H_
#define FIVESTRAND_PLATFORM_IDENTITY_KEYS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "nlohmann/json_fwd.hpp"

#include "openssl/types.h"
#include "platform/identity/jws.h"

namespace fivestrand::identity {

struct FreePkey {
  void operator()(EVP_PKEY* key) const;
};
using Pkey = std::unique_ptr<EVP_PKEY, FreePkey>;

// A verification key and the one algorithm that it may be used with.
struct PublicKey {
  JwsAlgorithm algorithm;
  Pkey key;
};

// `text` parsed without exceptions; null when it is no JSON object.
nlohmann::json ParseObject(std::string_view text);
// The member when it is a text; empty otherwise.
std::string TextMember(const nlohmann::json& object, const char* member);

// An RSA, P-256 or Ed25519 key of a JWK. Empty optional: of a kind or for a use that is left out; INVALID_ARGUMENT: damaged.
absl::StatusOr<std::optional<PublicKey>> KeyFromJwk(const nlohmann::json& jwk);

// JWK of an Ed25519 key with its thumbprint as kid.
nlohmann::json JwkOf(std::string_view ed25519_public_key);
// RFC 7638, SHA-256, base64url.
std::string ThumbprintOf(std::string_view ed25519_public_key);

std::string Sha256(std::string_view bytes);

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_KEYS_H_
