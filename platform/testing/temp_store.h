// A fresh store for one test, gone when the test ends.
#ifndef FIVESTRAND_PLATFORM_TESTING_TEMP_STORE_H_
#define FIVESTRAND_PLATFORM_TESTING_TEMP_STORE_H_

#include <memory>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "platform/store/store.h"

namespace fivestrand::testing {

enum class EngineKind { kSqlite, kPostgres };
const char* EngineName(EngineKind kind);
inline void PrintTo(EngineKind kind, std::ostream* out) {
  *out << EngineName(kind);
}

// A temporary folder with a name for an SQLite file, or an empty PostgreSQL database of TestPostgresUrl() whose own collation is
// English, not bytewise, where the server can. Stores opened on it must be closed first.
class TempStore {
 public:
  static absl::StatusOr<std::unique_ptr<TempStore>> Create(EngineKind kind);
  ~TempStore();
  TempStore(const TempStore&) = delete;
  TempStore& operator=(const TempStore&) = delete;

  const std::string& url() const { return url_; }
  // A folder of its own, for whatever files the test needs.
  const std::string& folder() const { return folder_; }

  absl::StatusOr<std::unique_ptr<store::Store>> Open(absl::Span<const store::MigrationSeries> series,
                                                     store::StoreOptions options = {}) const {
    return store::Store::Open(url_, series, std::move(options));
  }

 private:
  TempStore() = default;
  std::string folder_;
  std::string url_;
  std::string server_;  // PostgreSQL only
  std::string database_;
};

}  // namespace fivestrand::testing

#endif  // FIVESTRAND_PLATFORM_TESTING_TEMP_STORE_H_
