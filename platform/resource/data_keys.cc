#include "platform/resource/data_keys.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::resource {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(10);

class TableKeyStore : public crypto::DataKeyStore {
 public:
  explicit TableKeyStore(store::Store* store) : store_(*store) {}

  absl::StatusOr<std::vector<crypto::WrappedDataKey>> Load(std::string_view trust) override {
    std::vector<crypto::WrappedDataKey> keys;
    FIVESTRAND_RETURN_IF_ERROR(store_.Read(
        absl::Now() + kTimeout,
        [&](store::Session& session) {
          return session.Query("SELECT version, wrapped, kek_version, create_time FROM data_key WHERE trust = $1", {trust},
                               [&](const store::Row& row) {
                                 keys.push_back({.version = static_cast<uint32_t>(row.Int(0)),
                                                 .wrapped = std::string(row.Blob(1)),
                                                 .kek_version = static_cast<uint32_t>(row.Int(2)),
                                                 .create_time = row.Time(3)});
                                 return absl::OkStatus();
                               });
        },
        store::ReadMode::kStatement));
    return keys;
  }

  absl::StatusOr<bool> InsertIfAbsent(std::string_view trust, const crypto::WrappedDataKey& key) override {
    std::int64_t count = 0;
    FIVESTRAND_RETURN_IF_ERROR(store_.Write(absl::Now() + kTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(
          count, transaction.Execute(
                     "INSERT INTO data_key (trust, version, wrapped, kek_version, create_time) VALUES ($1, $2, $3, $4, $5) "
                     "ON CONFLICT (trust, version) DO NOTHING",
                     {trust, key.version, store::Param::Blob(key.wrapped), key.kek_version, key.create_time}));
      return absl::OkStatus();
    }));
    return count == 1;
  }

  absl::Status Replace(std::string_view trust, const crypto::WrappedDataKey& key) override {
    return store_.Write(absl::Now() + kTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(
          std::int64_t count,
          transaction.Execute("UPDATE data_key SET wrapped = $3, kek_version = $4 WHERE trust = $1 AND version = $2",
                              {trust, key.version, store::Param::Blob(key.wrapped), key.kek_version}));
      return count == 1 ? absl::OkStatus() : status::NotFound("fivestrand/DataKey", "a data key");
    });
  }

 private:
  store::Store& store_;
};

}  // namespace

std::unique_ptr<crypto::DataKeyStore> NewDataKeyStore(store::Store* store) {
  return std::make_unique<TableKeyStore>(store);
}

}  // namespace fivestrand::resource
