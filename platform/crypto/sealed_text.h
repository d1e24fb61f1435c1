// Small texts that leave the server and come back: session cookies (secret) and page tokens (authentic). Both are base64url and name
// the version of the keyring, so that those of an older version still open after a rotation.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_SEALED_TEXT_H_
#define FIVESTRAND_PLATFORM_CRYPTO_SEALED_TEXT_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/crypto/keyring.h"

namespace fivestrand::crypto {

// Key of the primary version; see Keyring::Derive.
SecretKey PurposeKey(const Keyring& keyring, std::string_view purpose);

// Longest text that is looked at when opening.
inline constexpr size_t kMaxSealedTextBytes = 8 * 1024;

// Encrypts with XChaCha20-Poly1305 and the key of `purpose`. An expiry, if wanted, belongs into `plaintext`.
std::string SealCookie(const Keyring& keyring, std::string_view purpose, std::string_view plaintext);
// Empty when it is not one that was sealed for this purpose by a key of the ring.
std::optional<std::string> OpenCookie(const Keyring& keyring, std::string_view purpose, std::string_view cookie);

// Page tokens: readable by whoever decodes them, made only by the server. Thread-safe, immutable.
class PageTokenCodec {
 public:
  explicit PageTokenCodec(std::shared_ptr<const Keyring> keyring);
  ~PageTokenCodec();

  // `binding` is what the token is good for (caller's trust, parent, filter, order); it is authenticated but not in the token.
  std::string Encode(std::string_view content, std::string_view binding) const;
  // Empty when damaged, of an unknown key or another binding.
  std::optional<std::string> Decode(std::string_view token, std::string_view binding) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_SEALED_TEXT_H_
