#include "platform/crypto/field_cipher.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"

#include "platform/crypto/aead.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::crypto {
namespace {

constexpr char kFormat = 1;
constexpr size_t kHeaderBytes = 1 + 4;
constexpr size_t kWrapHeaderBytes = 1;
constexpr std::string_view kWrapPurpose = "data-key";
static_assert(kOverheadBytes == kHeaderBytes + kNonceBytes + kTagBytes);

// A data key opens only as the version of the trust that it was made for.
std::string WrapContext(std::string_view trust, uint32_t version, uint32_t kek_version) {
  std::string context;
  AppendPart(trust, &context);
  AppendNumber(version, &context);
  AppendNumber(kek_version, &context);
  return context;
}

std::string FieldContext(std::string_view trust, std::string_view associated_data) {
  std::string context;
  context.reserve(trust.size() + associated_data.size() + 8);
  AppendPart(trust, &context);
  AppendPart(associated_data, &context);
  return context;
}

absl::StatusOr<std::string> Wrap(const Keyring& keyring, std::string_view trust, uint32_t version, const SecretKey& key) {
  FIVESTRAND_ASSIGN_OR_RETURN(const SecretKey kek, keyring.Derive(kWrapPurpose, keyring.primary()));
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), kKeyBytes);
  return AeadSeal(kek, std::string_view(&kFormat, 1), WrapContext(trust, version, keyring.primary()), bytes);
}

absl::StatusOr<SecretKey> Unwrap(const Keyring& keyring, std::string_view trust, const WrappedDataKey& row) {
  const auto kek = keyring.Derive(kWrapPurpose, row.kek_version);
  if (!kek.ok())
    return status::DataLoss(
        absl::StrCat("data key ", row.version, " is wrapped by keyring version ", row.kek_version, ", which is not there"));
  std::optional<std::string> bytes;
  if (!row.wrapped.empty() && row.wrapped[0] == kFormat) {
    bytes = AeadOpen(*kek, kWrapHeaderBytes, WrapContext(trust, row.version, row.kek_version), row.wrapped);
  }
  if (!bytes.has_value() || bytes->size() != kKeyBytes)
    return status::DataLoss(absl::StrCat("data key ", row.version, " does not unwrap"));
  SecretKey key = SecretKey::Filled([&](unsigned char* out) { std::copy(bytes->begin(), bytes->end(), out); });
  WipeText(&*bytes);
  return key;
}

// The unwrapped keys of a trust, as one load found them.
struct TrustKeys {
  std::map<uint32_t, SecretKey> by_version;
  // The newest in the store, unwrapped or not.
  uint32_t current = 0;
  // Why a key is missing from by_version.
  absl::Status broken;
  absl::Time loaded;
  mutable std::atomic<uint64_t> used{0};

  const SecretKey* Find(uint32_t version) const {
    const auto found = by_version.find(version);
    return found == by_version.end() ? nullptr : &found->second;
  }
};

using TrustKeysPtr = std::shared_ptr<const TrustKeys>;

class StoredKeyCipher : public FieldCipher {
 public:
  StoredKeyCipher(std::shared_ptr<const Keyring> keyring, DataKeyStore* store, FieldCipherOptions options)
      : options_(std::move(options)), store_(store), keyring_(std::move(keyring)) {}

  absl::Status Prepare(std::string_view trust) override { return ForSealing(trust).status(); }

  absl::StatusOr<std::string> Seal(std::string_view trust, std::string_view associated_data, std::string_view plaintext) override {
    FIVESTRAND_ASSIGN_OR_RETURN(const TrustKeysPtr keys, ForSealing(trust));
    const SecretKey* key = keys->Find(keys->current);
    if (key == nullptr) return keys->broken;
    std::string header(1, kFormat);
    AppendNumber(keys->current, &header);
    return AeadSeal(*key, header, FieldContext(trust, associated_data), plaintext);
  }

  absl::StatusOr<std::string> Open(std::string_view trust, std::string_view associated_data, std::string_view sealed) override {
    if (sealed.size() < kOverheadBytes || sealed[0] != kFormat) return status::DataLoss("a sealed field has no known format");
    const uint32_t version = ReadNumber(sealed.substr(1, 4));
    TrustKeysPtr keys = Cached(trust);
    if (keys == nullptr || keys->Find(version) == nullptr) {
      // Made by another process since, or a trust not seen yet.
      FIVESTRAND_ASSIGN_OR_RETURN(keys, Reload(trust, keys, version));
    }
    const SecretKey* key = keys->Find(version);
    if (key == nullptr)
      return keys->broken.ok() ? status::DataLoss(absl::StrCat("a field is sealed with data key ", version, ", which is not there"))
                               : keys->broken;
    std::optional<std::string> plaintext = AeadOpen(*key, kHeaderBytes, FieldContext(trust, associated_data), sealed);
    if (!plaintext.has_value()) return status::DataLoss("a sealed field does not open");
    return *std::move(plaintext);
  }

  absl::StatusOr<int> Rewrap(std::string_view trust) override {
    const std::shared_ptr<const Keyring> keyring = CurrentKeyring();
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<WrappedDataKey> rows, store_->Load(trust));
    int changed = 0;
    absl::Status first_error;
    for (WrappedDataKey row : rows) {
      if (row.kek_version == keyring->primary()) continue;
      const absl::Status done = RewrapRow(*keyring, trust, &row);
      if (done.ok()) ++changed;
      first_error.Update(done);
    }
    if (!first_error.ok()) return first_error;
    return changed;
  }

  absl::StatusOr<uint32_t> RotateDataKey(std::string_view trust) override {
    const TrustKeysPtr seen = Cached(trust);
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<WrappedDataKey> rows, store_->Load(trust));
    uint32_t newest = 0;
    for (const WrappedDataKey& row : rows) newest = std::max(newest, row.version);
    if (newest == UINT32_MAX) return status::Internal("a trust has used up its data key versions");
    FIVESTRAND_RETURN_IF_ERROR(Insert(trust, newest + 1));
    FIVESTRAND_ASSIGN_OR_RETURN(const TrustKeysPtr keys, Reload(trust, seen, newest + 1));
    return keys->current;
  }

  void SetKeyring(std::shared_ptr<const Keyring> keyring) override {
    std::lock_guard lock(mutex_);
    keyring_ = std::move(keyring);
  }

 private:
  std::shared_ptr<const Keyring> CurrentKeyring() {
    std::lock_guard lock(mutex_);
    return keyring_;
  }

  TrustKeysPtr Cached(std::string_view trust) {
    std::lock_guard lock(mutex_);
    const auto found = cache_.find(AbslView(trust));
    if (found == cache_.end()) return nullptr;
    found->second->used.store(++tick_, std::memory_order_relaxed);
    return found->second;
  }

  // Keys of the trust with a current one, at most max_age old unless the store fails.
  absl::StatusOr<TrustKeysPtr> ForSealing(std::string_view trust) {
    if (trust.empty()) return status::Internal("a field can only be sealed for a trust");
    TrustKeysPtr keys = Cached(trust);
    if (keys != nullptr && options_.clock() - keys->loaded < options_.max_age) return keys;
    absl::StatusOr<TrustKeysPtr> loaded = Reload(trust, keys, 1);
    // A store that does not answer is no reason to stop sealing with a key that is still good.
    if (!loaded.ok() && keys != nullptr) return keys;
    if (!loaded.ok() || (*loaded)->current != 0) return loaded;
    // Whoever inserts first made the trust's first key; everybody, the winner too, takes what the store holds then.
    FIVESTRAND_RETURN_IF_ERROR(Insert(trust, 1));
    FIVESTRAND_ASSIGN_OR_RETURN(keys, Reload(trust, *loaded, 1));
    if (keys->current == 0) return status::Internal("the store kept no data key");
    return keys;
  }

  // Reads the store, unless another thread replaced `seen` in the meantime by keys up to version `needed` at least.
  absl::StatusOr<TrustKeysPtr> Reload(std::string_view trust, const TrustKeysPtr& seen, uint32_t needed) {
    // Threads that miss the same trust wait for one load instead of each loading.
    std::lock_guard loading(loading_[absl::HashOf(AbslView(trust)) % loading_.size()]);
    if (TrustKeysPtr now = Cached(trust); now != nullptr && now != seen && now->current >= needed) return now;
    const std::shared_ptr<const Keyring> keyring = CurrentKeyring();
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<WrappedDataKey> rows, store_->Load(trust));
    auto keys = std::make_shared<TrustKeys>();
    keys->loaded = options_.clock();
    for (const WrappedDataKey& row : rows) {
      keys->current = std::max(keys->current, row.version);
      // A key that was unwrapped before stays usable when the keyring has lost the version that wrapped it.
      if (const SecretKey* known = seen == nullptr ? nullptr : seen->Find(row.version)) {
        keys->by_version.emplace(row.version, *known);
        continue;
      }
      absl::StatusOr<SecretKey> key = Unwrap(*keyring, trust, row);
      if (key.ok())
        keys->by_version.emplace(row.version, *std::move(key));
      else
        keys->broken.Update(key.status());
    }
    if (keys->current != 0) Remember(trust, keys);
    return keys;
  }

  void Remember(std::string_view trust, std::shared_ptr<const TrustKeys> keys) {
    std::lock_guard lock(mutex_);
    keys->used.store(++tick_, std::memory_order_relaxed);
    if (cache_.size() >= options_.max_trusts && !cache_.contains(AbslView(trust))) {
      cache_.erase(std::min_element(cache_.begin(), cache_.end(),
                                    [](const auto& a, const auto& b) { return a.second->used < b.second->used; }));
    }
    cache_.insert_or_assign(std::string(trust), std::move(keys));
  }

  absl::Status Insert(std::string_view trust, uint32_t version) {
    const std::shared_ptr<const Keyring> keyring = CurrentKeyring();
    WrappedDataKey row{.version = version, .kek_version = keyring->primary(), .create_time = options_.clock()};
    FIVESTRAND_ASSIGN_OR_RETURN(row.wrapped, Wrap(*keyring, trust, version, SecretKey::Random()));
    return store_->InsertIfAbsent(trust, row).status();
  }

  absl::Status RewrapRow(const Keyring& keyring, std::string_view trust, WrappedDataKey* row) {
    FIVESTRAND_ASSIGN_OR_RETURN(const SecretKey key, Unwrap(keyring, trust, *row));
    FIVESTRAND_ASSIGN_OR_RETURN(row->wrapped, Wrap(keyring, trust, row->version, key));
    row->kek_version = keyring.primary();
    return store_->Replace(trust, *row);
  }

  const FieldCipherOptions options_;
  DataKeyStore* const store_;
  std::array<std::mutex, 16> loading_;
  std::mutex mutex_;
  std::shared_ptr<const Keyring> keyring_;
  absl::flat_hash_map<std::string, TrustKeysPtr> cache_;
  uint64_t tick_ = 0;
};

}  // namespace

std::unique_ptr<FieldCipher> FieldCipher::Create(std::shared_ptr<const Keyring> keyring, DataKeyStore* keys,
                                                 FieldCipherOptions options) {
  options.max_trusts = std::max<size_t>(options.max_trusts, 1);
  return std::make_unique<StoredKeyCipher>(std::move(keyring), keys, std::move(options));
}

}  // namespace fivestrand::crypto
