// Encryption of fields at rest, with XChaCha20-Poly1305. Each trust has data keys of its own, which lie in the store wrapped by the
// keyring, so that a copy of the store alone opens nothing and a rotation of the keyring touches no record.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_FIELD_CIPHER_H_
#define FIVESTRAND_PLATFORM_CRYPTO_FIELD_CIPHER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/crypto/keyring.h"

namespace fivestrand::crypto {

// A row of data_key(trust, version, wrapped, kek_version, create_time), key (trust, version).
struct WrappedDataKey {
  uint32_t version = 0;
  std::string wrapped;
  // Version of the keyring that wrapped it.
  uint32_t kek_version = 0;
  absl::Time create_time;
};

// Where wrapped data keys live. Thread-safe; may block; durable when it answers.
class DataKeyStore {
 public:
  virtual ~DataKeyStore() = default;
  // Every version of the trust, in any order; none is not an error.
  virtual absl::StatusOr<std::vector<WrappedDataKey>> Load(std::string_view trust) = 0;
  // Inserts unless (trust, version) is there; false when it was. The store decides who is first.
  virtual absl::StatusOr<bool> InsertIfAbsent(std::string_view trust, const WrappedDataKey& key) = 0;
  // Replaces `wrapped` and `kek_version` of an existing version. NOT_FOUND when it is not there.
  virtual absl::Status Replace(std::string_view trust, const WrappedDataKey& key) = 0;
};

struct FieldCipherOptions {
  std::function<absl::Time()> clock;
  // After this, Seal looks whether another process has rotated the trust's data key.
  absl::Duration max_age = absl::Minutes(10);
  // Trusts whose unwrapped keys are held in memory.
  size_t max_trusts = 1024;
};

// Thread-safe; waits only for the DataKeyStore, and for that seldom. `keys` outlives it. `trust` is a resource id.
class FieldCipher {
 public:
  static std::unique_ptr<FieldCipher> Create(std::shared_ptr<const Keyring> keyring, DataKeyStore* keys,
                                             FieldCipherOptions options);
  virtual ~FieldCipher() = default;

  // Loads the trust's keys, and creates the first if there is none; afterwards Seal and Open at most read the store. Call it before
  // a write transaction: within one, a Seal that has to create a key would wait for the writer that waits for it.
  virtual absl::Status Prepare(std::string_view trust) = 0;

  // `associated_data` says where the value belongs (resource name and field): the value opens nowhere else. The answer is
  // kOverheadBytes longer than `plaintext`. Fails only as the store does, or with DATA_LOSS when a stored key does not unwrap.
  virtual absl::StatusOr<std::string> Seal(std::string_view trust, std::string_view associated_data,
                                           std::string_view plaintext) = 0;

  // DATA_LOSS when the bytes, the trust or `associated_data` are not those that were sealed.
  virtual absl::StatusOr<std::string> Open(std::string_view trust, std::string_view associated_data, std::string_view sealed) = 0;

  // Wraps every data key of the trust with the primary version of the keyring; returns how many changed. No record is touched; may
  // run while others seal and open; may be repeated.
  virtual absl::StatusOr<int> Rewrap(std::string_view trust) = 0;

  // New data key for what is sealed from now on; returns its version. Older versions still open.
  virtual absl::StatusOr<uint32_t> RotateDataKey(std::string_view trust) = 0;

  // After Keyring::Rotate and Load; keys already unwrapped stay.
  virtual void SetKeyring(std::shared_ptr<const Keyring> keyring) = 0;
};

// Format version, data key version, nonce, tag.
inline constexpr size_t kOverheadBytes = 1 + 4 + 24 + 16;

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_FIELD_CIPHER_H_
