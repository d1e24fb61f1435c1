#include "platform/store/core/migrator.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/sha256.h"

namespace fivestrand::store {
namespace {

constexpr char kTable[] =
    "CREATE TABLE store_migration (series TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, checksum BYTEA NOT NULL, "
    "applied_time BIGINT NOT NULL, PRIMARY KEY (series, number));";

// Checksums by series and number.
using Applied = std::map<std::string, std::map<std::int64_t, std::string>, std::less<>>;

absl::StatusOr<Applied> ReadApplied(Connection& connection, bool* table_exists) {
  Applied applied;
  FIVESTRAND_ASSIGN_OR_RETURN(*table_exists, connection.TableExists("store_migration"));
  if (!*table_exists) return applied;
  FIVESTRAND_RETURN_IF_ERROR(
      connection.Query("SELECT series, number, checksum FROM store_migration ORDER BY series, number", {}, [&](const Row& row) {
        applied[std::string(row.Text(0))][row.Int(1)] = std::string(row.Blob(2));
        return absl::OkStatus();
      }));
  return applied;
}

absl::Status Newer(std::string_view what) {
  return status::Precondition("SCHEMA_NEWER", what, "the store was written by a newer version");
}

struct Step {
  std::string_view series;
  const Migration* migration;
};

absl::StatusOr<std::vector<Step>> Missing(const Applied& applied, absl::Span<const MigrationSeries> series, bool read_only) {
  std::vector<Step> missing;
  std::size_t known = 0;
  for (const MigrationSeries& one : series) {
    const auto found = applied.find(one.name);
    const std::map<std::int64_t, std::string> none;
    const auto& done = found != applied.end() ? found->second : none;
    known += found != applied.end() ? 1 : 0;
    int expected = 1;
    for (const Migration& migration : one.migrations) {
      const std::string name = absl::StrCat(std::string(one.name), "/", absl::Dec(migration.number, absl::kZeroPad3));
      if (migration.number != expected++) return status::Internal(absl::StrCat("migration ", name, " is out of order"));
      const auto checksum = done.find(migration.number);
      if (checksum == done.end()) {
        missing.push_back({one.name, &migration});
      } else if (checksum->second != Sha256(migration.sql)) {
        return status::Precondition("SCHEMA_CHANGED", name, "was applied with another text");
      } else if (!missing.empty() && missing.back().series == one.name) {
        return status::Precondition("SCHEMA_CHANGED", name, "was applied without the one before it");
      }
    }
    if (!done.empty() && done.rbegin()->first >= expected) return Newer(one.name);
  }
  if (!read_only && known != applied.size()) return Newer("store_migration");
  return missing;
}

absl::Status Apply(Engine& engine, Connection& connection, const std::vector<Step>& steps, absl::Time now) {
  for (const Step& step : steps) {
    const Migration& migration = *step.migration;
    if (absl::Status status = connection.RunScript(engine.Translate(migration.sql)); !status.ok()) {
      return status::WithHiddenCause(status, absl::StrCat("migration ", std::string(step.series), "/", migration.number, " ",
                                                          std::string(migration.name), ": ", status::HiddenCause(status)));
    }
    FIVESTRAND_RETURN_IF_ERROR(
        connection
            .Execute("INSERT INTO store_migration (series, number, name, checksum, applied_time) VALUES ($1, $2, $3, $4, $5)",
                     {step.series, migration.number, migration.name, Param::Blob(Sha256(migration.sql)), now})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(Engine& engine, Connection& connection, absl::Span<const MigrationSeries> series,
                     const StoreOptions& options) {
  const bool read_only = options.access == AccessMode::kReadOnly;
  bool table_exists = false;
  FIVESTRAND_ASSIGN_OR_RETURN(Applied applied, ReadApplied(connection, &table_exists));
  FIVESTRAND_ASSIGN_OR_RETURN(std::vector<Step> missing, Missing(applied, series, read_only));
  if (missing.empty()) return absl::OkStatus();
  if (read_only || options.migrations == MigrationMode::kRequireCurrent) {
    return status::Precondition("SCHEMA_OLDER", missing.front().series, "the store must be migrated first");
  }
  const absl::Cleanup rollback = [&] {
    connection.Rollback();
  };
  FIVESTRAND_RETURN_IF_ERROR(connection.Begin());
  FIVESTRAND_RETURN_IF_ERROR(engine.LockMigrations(connection));
  // Another process may have been faster.
  FIVESTRAND_ASSIGN_OR_RETURN(applied, ReadApplied(connection, &table_exists));
  FIVESTRAND_ASSIGN_OR_RETURN(missing, Missing(applied, series, read_only));
  if (!table_exists) FIVESTRAND_RETURN_IF_ERROR(connection.RunScript(engine.Translate(kTable)));
  FIVESTRAND_RETURN_IF_ERROR(Apply(engine, connection, missing, options.clock()));
  return connection.Commit();
}

}  // namespace fivestrand::store
