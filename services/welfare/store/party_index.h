// Finds sealed records by the persons whom they name, without the store knowing them: keyed hashes in welfare_party.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_PARTY_INDEX_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_PARTY_INDEX_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

#include "platform/crypto/field_cipher.h"
#include "platform/crypto/secret.h"
#include "platform/store/session.h"

namespace google::protobuf {
class Message;
}

namespace fivestrand::store {
class WriteTransaction;
}

namespace fivestrand::welfare::store {

// Makes hashes of persons of one trust.
class PartyHash {
 public:
  explicit PartyHash(crypto::SecretKey secret) : secret_(std::move(secret)) {}
  // 16 bytes.
  std::string Of(std::string_view person) const;

 private:
  crypto::SecretKey secret_;
};

// Thread-safe.
class PartyIndex {
 public:
  // `cipher` outlives it.
  explicit PartyIndex(crypto::FieldCipher& cipher) : cipher_(cipher) {}

  // As domain::Matters::Keep.
  absl::Status Keep(fivestrand::store::WriteTransaction& transaction, std::string_view name,
                    const google::protobuf::Message& record);

  // Nothing when the trust has no sealed record yet. For snapshots, which see only what is committed: what they find is kept.
  absl::StatusOr<std::optional<PartyHash>> Hash(fivestrand::store::Session& session, std::string_view trust);

  // The same for any session: a secret that a transaction has made may never be committed.
  absl::StatusOr<std::optional<PartyHash>> ReadSecret(fivestrand::store::Session& session, std::string_view trust);

 private:
  crypto::FieldCipher& cipher_;
  absl::Mutex mutex_;
  // By trust.
  absl::flat_hash_map<std::string, PartyHash> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fivestrand::welfare::store

#endif  // FIVESTRAND_SERVICES_WELFARE_STORE_PARTY_INDEX_H_
