// The keys that never enter the store: a JSON file, mode 0600, with one or more versions of a root key. One version is primary: it
// wraps new data keys and seals new cookies and page tokens; the others still open what they sealed.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_KEYRING_H_
#define FIVESTRAND_PLATFORM_CRYPTO_KEYRING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/crypto/secret.h"

namespace fivestrand::crypto {

// Immutable; safe to share between threads. Keys lie in locked memory that is wiped at the end.
class Keyring {
 public:
  // Errors name the path, never its content. FAILED_PRECONDITION when others may read the file.
  static absl::StatusOr<std::shared_ptr<const Keyring>> Load(const std::string& path);

  // Creates the file with one version; complete or not at all. ALREADY_EXISTS when the path is taken.
  static absl::Status Create(const std::string& path, absl::Time now);
  // Adds a version and makes it primary; returns it. Running processes take it up when they load the file again. Follow with
  // FieldCipher::Rewrap of every trust.
  static absl::StatusOr<uint32_t> Rotate(const std::string& path, absl::Time now);
  // Removes a version that is not primary. What it still wraps is lost: rewrap first.
  static absl::Status Remove(const std::string& path, uint32_t version);

  // A keyring in memory with one new random version: for tests and throw-away suites.
  static std::shared_ptr<const Keyring> NewInMemory();

  ~Keyring();
  uint32_t primary() const;
  // Ascending.
  std::vector<uint32_t> versions() const;
  bool Has(uint32_t version) const;

  // The key of one purpose ("page-token"), derived from a version of the root key; different purposes give unrelated keys.
  // NOT_FOUND when the version is not in the ring.
  absl::StatusOr<SecretKey> Derive(std::string_view purpose, uint32_t version) const;

 private:
  struct Keys;
  explicit Keyring(std::unique_ptr<Keys> keys);

  std::unique_ptr<Keys> keys_;
};

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_KEYRING_H_
