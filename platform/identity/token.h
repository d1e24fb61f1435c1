// Identity tokens: short-lived JWTs, signed with Ed25519 by the gateway (or by the suite's command line), accepted by every
// service.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_TOKEN_H_
#define FIVESTRAND_PLATFORM_IDENTITY_TOKEN_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/identity/caller.h"
#include "platform/identity/key_source.h"

namespace fivestrand::identity {

// Longest token; gRPC's default limit for all metadata of a call is 8 KiB.
inline constexpr size_t kMaxTokenBytes = 6 * 1024;
inline constexpr size_t kMaxGrants = 100;
inline constexpr std::string_view kAudience = "fivestrand";

// A key file holds one or more Ed25519 private keys in PEM: the first signs, all are published, the second is the one that will
// sign after the next rotation, so that verifiers know it by then.

// Creates a key file with two keys, mode 0600, complete or not at all. ALREADY_EXISTS when the path is taken.
absl::Status GenerateKeyFile(const std::string& path);

// Second key first, then a new one, then the old first key, whose tokens stay valid until they expire. Anything older is dropped.
absl::Status RotateKeyFile(const std::string& path);

struct SignerOptions {
  std::string issuer = "fivestrand-gateway";
  std::string audience = std::string(kAudience);
  absl::Duration lifetime = absl::Minutes(5);
  // In front of each key's thumbprint in its id: ServiceKeyPrefix for a service's own key, else empty.
  std::string key_prefix;
  std::function<absl::Time()> clock;
};

// Thread-safe.
class TokenSigner {
 public:
  // The file must not be readable by others. Errors name the path, never its content.
  static absl::StatusOr<std::unique_ptr<TokenSigner>> Open(const std::string& key_file, SignerOptions options);
  virtual ~TokenSigner() = default;

  // The token ends after the lifetime, or at `caller.expires` if that is earlier and set. caller.token_id is not used: every token
  // gets its own. Grants that have ended are left out. INTERNAL for a caller that is not WellFormed or too large for a token.
  virtual absl::StatusOr<std::string> Sign(const Caller& caller) const = 0;

  // Key set of all keys in the file; the body of /.well-known/jwks.json and what a MemoryKeySource takes.
  virtual std::string Jwks() const = 0;
  // Id of the key that signs: its RFC 7638 thumbprint behind the prefix.
  virtual std::string kid() const = 0;
  // Reads the file again, after a rotation. On an error the keys in use stay.
  virtual absl::Status Reload() = 0;
};

struct VerifierOptions {
  std::string issuer = "fivestrand-gateway";
  std::string audience = std::string(kAudience);
  // Clock difference that exp and nbf allow for.
  absl::Duration leeway = absl::Seconds(30);
  // Verified tokens that are remembered until they expire.
  size_t cache_capacity = 4096;
  // Keys of services, see service_keys.h: one is used for a token whose key id is bound to a service, and for no other token, and
  // that token's subject must be that service, with ROLE_SERVICE alone. Null: no such token is accepted.
  std::shared_ptr<KeySource> service_keys;
  std::function<absl::Time()> clock;
};

// Thread-safe, and never waits for keys.
class TokenVerifier {
 public:
  static std::unique_ptr<TokenVerifier> Create(std::shared_ptr<KeySource> keys, VerifierOptions options);
  virtual ~TokenVerifier() = default;

  // UNAUTHENTICATED (reason INVALID_TOKEN) when the token is damaged, expired, for others, or signed by no known key; the last also
  // asks the source for newer keys. UNAVAILABLE before the source had any keys.
  virtual absl::StatusOr<std::shared_ptr<const Caller>> Verify(std::string_view token) = 0;
};

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_TOKEN_H_
