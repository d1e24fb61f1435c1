// Small texts that leave the server and come back: session cookies (secret) and page tokens (authentic). Both are base64url and
// name the version of the keyring, so that those of an older version still open after a rotation.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_SEALED_TEXT_H_
#define FIVESTRAND_PLATFORM_CRYPTO_SEALED_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "platform/crypto/keyring.h"
#include "platform/crypto/secret.h"

namespace fivestrand::crypto {

// Longest text that is looked at when opening.
inline constexpr size_t kMaxSealedTextBytes = 8 * 1024;

// The keys of one purpose ("page-token"), one for each version of the ring, derived once: deriving costs more than sealing.
class PurposeKeys {
 public:
  PurposeKeys(const Keyring& keyring, std::string_view purpose);
  uint32_t primary() const { return primary_; }
  const SecretKey& primary_key() const { return by_version_.at(primary_); }
  // Null when the ring has no such version.
  const SecretKey* Find(uint32_t version) const;

 private:
  uint32_t primary_;
  std::map<uint32_t, SecretKey> by_version_;
};

// Encrypts with XChaCha20-Poly1305. Thread-safe, immutable.
class CookieSealer {
 public:
  // Cookies of one purpose do not open as those of another.
  CookieSealer(const Keyring& keyring, std::string_view purpose) : keys_(keyring, purpose) {}

  // An expiry, if wanted, belongs into `plaintext`.
  std::string Seal(std::string_view plaintext) const;
  // Empty when it is not one that was sealed for this purpose by a key of the ring.
  std::optional<std::string> Open(std::string_view cookie) const;

 private:
  PurposeKeys keys_;
};

// Page tokens: readable by whoever decodes them, made only by the server. Thread-safe, immutable.
class PageTokenCodec {
 public:
  explicit PageTokenCodec(const Keyring& keyring) : keys_(keyring, "page-token") {}

  // `binding` is what the token is good for (caller's trust, parent, filter, order); it is authenticated but not in the token.
  std::string Encode(std::string_view content, std::string_view binding) const;
  // Empty when damaged, of an unknown key or another binding.
  std::optional<std::string> Decode(std::string_view token, std::string_view binding) const;

 private:
  PurposeKeys keys_;
};

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_SEALED_TEXT_H_
