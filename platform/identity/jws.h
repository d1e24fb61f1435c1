// JSON Web Signatures (RFC 7515, compact form) by keys of a JSON Web Key Set (RFC 7517): EdDSA with Ed25519 (RFC 8037), RS256 and
// ES256. Nothing else is accepted: neither "none", nor a shared secret, nor a key used with another algorithm than its kind allows.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_JWS_H_
#define FIVESTRAND_PLATFORM_IDENTITY_JWS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivestrand::identity {

enum class JwsAlgorithm { kEdDsa, kRs256, kEs256 };

// Public keys. Immutable; safe to share between threads.
class KeySet {
 public:
  // Keys of other kinds, for encryption, or too weak (RSA under 2048 bits) are left out. INVALID_ARGUMENT when it is no key set, is
  // longer than 256 KiB, has more than 100 keys, or a key of a known kind is damaged.
  static absl::StatusOr<std::shared_ptr<const KeySet>> Parse(std::string_view jwks_json);

  KeySet(const KeySet&) = delete;
  KeySet& operator=(const KeySet&) = delete;
  ~KeySet();

  bool Contains(std::string_view kid) const;
  size_t size() const;

 private:
  struct Keys;
  friend struct JwsVerification;
  explicit KeySet(std::unique_ptr<Keys> keys);

  std::unique_ptr<Keys> keys_;
};

struct VerifiedJws {
  std::string kid;
  // Header `typ`, lower case, without "application/".
  std::string type;
  std::string payload;
};

// The kid in the header of `token`, unverified: to decide whether to fetch keys. Empty when there is none or the token is damaged.
std::string UnverifiedKid(std::string_view token);

// UNAUTHENTICATED, with a sentence that is safe to show, unless the signature is by a key of `keys` and an algorithm in `allowed`.
// A token without kid is checked only against a set of one key. At most `max_bytes` are looked at. Checks no claim.
absl::StatusOr<VerifiedJws> VerifyJws(std::string_view token, const KeySet& keys, absl::Span<const JwsAlgorithm> allowed,
                                      size_t max_bytes = 16 * 1024);

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_JWS_H_
