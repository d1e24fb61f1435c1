// A connection to an SQLite file.
#ifndef FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_CONNECTION_H_
#define FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_CONNECTION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/core/connection.h"
#include "platform/store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fivestrand::store {

class SqliteConnection final : public Connection {
 public:
  struct Options {
    std::string path;
    ConnectionRole role = ConnectionRole::kReader;
    bool create = false;
    // Whether the file must be in WAL mode. A backup, looked at read-only, is not.
    bool wal = true;
    absl::Duration busy_timeout;
    std::shared_ptr<StoreObserver> observer;
  };

  // Opens the file and sets what SQLite keeps per connection (WAL, synchronous FULL, foreign keys, query_only for readers), then
  // reads each setting back: INTERNAL when one did not take.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(Options options, absl::Time deadline);
  ~SqliteConnection() override;

  absl::Status Query(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) override;
  absl::StatusOr<std::int64_t> Execute(std::string_view sql, Params params) override;
  absl::Status Begin() override;
  absl::Status Commit() override;
  void Rollback() override;
  bool InTransaction() const override;
  absl::Status Savepoint() override;
  absl::Status RollbackToSavepoint() override;
  absl::Status RunScript(const std::string& sql) override;
  absl::StatusOr<bool> TableExists(std::string_view table) override;
  bool Usable() override { return usable_; }
  bool lost_conflict() const override { return false; }
  bool damaged() const override { return damaged_; }

  sqlite3* handle() { return db_; }
  absl::Status Error(int code);

 private:
  struct Statement;
  class Use;

  explicit SqliteConnection(Options options);
  absl::Status Configure();
  absl::Status SetPragma(const char* name, const char* value, const char* expected);
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(std::string_view sql);
  absl::StatusOr<Use> Start(std::string_view sql, Params params);
  absl::Status Bind(Statement& statement, Params params);
  absl::Status Run(std::string_view sql);
  static int OnProgress(void* self);
  static int OnBusy(void* self, int count);

  const Options options_;
  sqlite3* db_ = nullptr;
  bool usable_ = true;
  bool damaged_ = false;
  bool savepoint_ = false;
  absl::Time busy_since_;
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_CONNECTION_H_
