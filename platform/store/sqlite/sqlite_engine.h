// Opens the SQLite engine on a file.
#ifndef FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_ENGINE_H_
#define FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_ENGINE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "platform/store/core/connection.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// To serve, takes a lock file beside the store, which holds until the engine is destroyed or the process ends; the file is created
// with access for its owner only. Read-only, the file must exist and no lock is taken.
absl::StatusOr<std::unique_ptr<Engine>> OpenSqliteEngine(std::string_view path, const StoreOptions& options);

// Copies the open store behind `source` to the new file `path`: written beside it, checked, synced, then renamed.
class SqliteConnection;
absl::Status BackupSqlite(SqliteConnection& source, const std::string& path);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_ENGINE_H_
