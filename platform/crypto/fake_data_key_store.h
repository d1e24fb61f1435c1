// Data keys in memory, for tests: durable for as long as the object lives, and able to fail.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_FAKE_DATA_KEY_STORE_H_
#define FIVESTRAND_PLATFORM_CRYPTO_FAKE_DATA_KEY_STORE_H_

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "platform/crypto/field_cipher.h"

namespace fivestrand::crypto {

class FakeDataKeyStore : public DataKeyStore {
 public:
  absl::StatusOr<std::vector<WrappedDataKey>> Load(std::string_view trust) override {
    std::lock_guard lock(mutex_);
    ++loads_;
    if (!failure_.ok()) return failure_;
    std::vector<WrappedDataKey> keys;
    for (const auto& [id, key] : rows_) {
      if (id.first == trust) keys.push_back(key);
    }
    return keys;
  }

  absl::StatusOr<bool> InsertIfAbsent(std::string_view trust, const WrappedDataKey& key) override {
    std::lock_guard lock(mutex_);
    if (!failure_.ok()) return failure_;
    ++inserts_;
    return rows_.emplace(std::pair(std::string(trust), key.version), key).second;
  }

  absl::Status Replace(std::string_view trust, const WrappedDataKey& key) override {
    std::lock_guard lock(mutex_);
    if (!failure_.ok()) return failure_;
    const auto found = rows_.find(std::pair(std::string(trust), key.version));
    if (found == rows_.end()) return absl::NotFoundError("no such data key");
    found->second.wrapped = key.wrapped;
    found->second.kek_version = key.kek_version;
    return absl::OkStatus();
  }

  // From now on every method answers this; OK ends it.
  void FailWith(absl::Status failure) {
    std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
  }
  void Change(std::string_view trust, uint32_t version, absl::FunctionRef<void(WrappedDataKey*)> change) {
    std::lock_guard lock(mutex_);
    change(&rows_.at(std::pair(std::string(trust), version)));
  }
  int loads() {
    std::lock_guard lock(mutex_);
    return loads_;
  }
  // How often a first key was offered, taken or not.
  int inserts() {
    std::lock_guard lock(mutex_);
    return inserts_;
  }
  size_t rows() {
    std::lock_guard lock(mutex_);
    return rows_.size();
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, uint32_t>, WrappedDataKey> rows_;
  absl::Status failure_;
  int loads_ = 0;
  int inserts_ = 0;
};

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_FAKE_DATA_KEY_STORE_H_
