#include "platform/store/sqlite/sqlite_connection.h"

#include <algorithm>
#include <cstring>
#include <sqlite3.h>
#include <time.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/text.h"
#include "platform/store/sqlite/sqlite_error.h"

namespace fivestrand::store {
namespace {

// Beyond this many texts the cache is emptied: a bound for the memory of a caller that makes up texts.
constexpr std::size_t kMaxStatements = 512;
// Steps of SQLite's virtual machine between two looks at the clock: about 0.1 ms.
constexpr int kProgressSteps = 5000;
constexpr absl::Duration kBusyWait = absl::Milliseconds(2);

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  int size() const override { return sqlite3_column_count(statement_); }
  bool IsNull(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  double Double(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view Text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text != nullptr ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  std::string_view Blob(int column) const override {
    const auto* blob = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {blob != nullptr ? blob : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

struct SqliteConnection::Statement {
  ~Statement() { sqlite3_finalize(handle); }
  sqlite3_stmt* handle = nullptr;
  bool busy = false;
  // SQLite numbers $-parameters by their first appearance; here stands for each of its numbers which of ours it is.
  std::vector<int> order;
};

// A statement while it runs: reset when it ends, kept in the cache or owned when the cached one runs already further up the stack.
class SqliteConnection::Use {
 public:
  explicit Use(Statement* cached) : statement_(cached) { statement_->busy = true; }
  explicit Use(std::unique_ptr<Statement> owned) : statement_(owned.get()), owned_(std::move(owned)) {}
  Use(Use&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)), owned_(std::move(other.owned_)) {}
  Use& operator=(Use&&) = delete;
  ~Use() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_->handle);
    statement_->busy = false;
  }
  Statement& statement() { return *statement_; }
  sqlite3_stmt* handle() { return statement_->handle; }

 private:
  Statement* statement_;
  std::unique_ptr<Statement> owned_;
};

SqliteConnection::SqliteConnection(Options options) : options_(std::move(options)) {}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close(db_);
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(Options options, absl::Time deadline) {
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(std::move(options)));
  connection->set_deadline(deadline);
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (connection->options_.create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(connection->options_.path.c_str(), &connection->db_, flags, nullptr);
  if (connection->db_ == nullptr) return status::Internal("sqlite: out of memory");
  if (code != SQLITE_OK) return connection->Error(code);
  FIVESTRAND_RETURN_IF_ERROR(connection->Configure());
  return connection;
}

absl::Status SqliteConnection::Configure() {
  sqlite3_busy_handler(db_, &SqliteConnection::OnBusy, this);
  sqlite3_progress_handler(db_, kProgressSteps, &SqliteConnection::OnProgress, this);
  // Text in double quotes is a name or an error, never quietly a value.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  const bool writer = options_.role == ConnectionRole::kWriter;
  if (options_.wal) FIVESTRAND_RETURN_IF_ERROR(SetPragma("journal_mode", "WAL", "wal"));
  FIVESTRAND_RETURN_IF_ERROR(SetPragma("synchronous", "FULL", "2"));
  FIVESTRAND_RETURN_IF_ERROR(SetPragma("foreign_keys", "ON", "1"));
  FIVESTRAND_RETURN_IF_ERROR(SetPragma("trusted_schema", "OFF", "0"));
  FIVESTRAND_RETURN_IF_ERROR(SetPragma("temp_store", "MEMORY", "2"));
  // Upper bounds in KiB; pages are taken as they are needed.
  const char* cache = writer ? "-32768" : "-8192";
  FIVESTRAND_RETURN_IF_ERROR(SetPragma("cache_size", cache, cache));
  if (writer) {
    // A checkpoint about every 16 MB: it costs the writer a second fsync, so not after every 4 MB as SQLite would.
    FIVESTRAND_RETURN_IF_ERROR(SetPragma("wal_autocheckpoint", "4000", "4000"));
    FIVESTRAND_RETURN_IF_ERROR(SetPragma("journal_size_limit", "67108864", "67108864"));
  } else {
    FIVESTRAND_RETURN_IF_ERROR(SetPragma("query_only", "ON", "1"));
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::SetPragma(const char* name, const char* value, const char* expected) {
  std::string found;
  const std::string set = absl::StrCat("PRAGMA ", name, "=", value);
  const std::string get = absl::StrCat("PRAGMA ", name);
  if (int code = sqlite3_exec(db_, set.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) return Error(code);
  auto keep = [](void* out, int columns, char** values, char**) {
    if (columns > 0 && values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
    return 0;
  };
  if (int code = sqlite3_exec(db_, get.c_str(), keep, &found, nullptr); code != SQLITE_OK) return Error(code);
  if (found != expected) {
    return Report(options_.observer, Unforeseen(absl::StrCat("sqlite: ", set, " did not take: it is ", found)));
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::Error(int code) {
  damaged_ = damaged_ || (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
  return Report(options_.observer, FromSqlite(code, db_ != nullptr ? sqlite3_errmsg(db_) : "", options_.role));
}

int SqliteConnection::OnProgress(void* self) {
  return absl::Now() > static_cast<SqliteConnection*>(self)->deadline() ? 1 : 0;
}

int SqliteConnection::OnBusy(void* self, int count) {
  auto* connection = static_cast<SqliteConnection*>(self);
  const absl::Time now = absl::Now();
  if (count == 0) connection->busy_since_ = now;
  if (now >= std::min(connection->deadline(), connection->busy_since_ + connection->options_.busy_timeout)) return 0;
  absl::SleepFor(kBusyWait);
  return 1;
}

absl::StatusOr<std::unique_ptr<SqliteConnection::Statement>> SqliteConnection::Prepare(std::string_view sql) {
  auto statement = std::make_unique<Statement>();
  const char* tail = nullptr;
  const int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement->handle, &tail);
  if (code != SQLITE_OK) return Error(code);
  const std::string_view rest(tail, static_cast<std::size_t>(sql.data() + sql.size() - tail));
  if (statement->handle == nullptr || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return Report(options_.observer, Unforeseen("sqlite: not exactly one statement"));
  }
  const int count = sqlite3_bind_parameter_count(statement->handle);
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement->handle, i);
    const int number = name != nullptr && name[0] == '$' ? std::atoi(name + 1) : 0;
    if (number < 1) return Report(options_.observer, Unforeseen("sqlite: parameters are $1, $2, ..."));
    statement->order.push_back(number - 1);
  }
  return statement;
}

absl::StatusOr<SqliteConnection::Use> SqliteConnection::Start(std::string_view sql, Params params) {
  if (absl::Now() > deadline()) return status::DeadlineExceeded();
  auto found = statements_.find(absl::string_view(sql.data(), sql.size()));
  if (found == statements_.end()) {
    FIVESTRAND_ASSIGN_OR_RETURN(auto statement, Prepare(sql));
    if (statements_.size() >= kMaxStatements) {
      absl::erase_if(statements_, [](const auto& entry) { return !entry.second->busy; });
    }
    found = statements_.emplace(std::string(sql), std::move(statement)).first;
  } else if (found->second->busy) {
    FIVESTRAND_ASSIGN_OR_RETURN(auto statement, Prepare(sql));
    Use use(std::move(statement));
    FIVESTRAND_RETURN_IF_ERROR(Bind(use.statement(), params));
    return use;
  }
  Use use(found->second.get());
  FIVESTRAND_RETURN_IF_ERROR(Bind(use.statement(), params));
  return use;
}

absl::Status SqliteConnection::Bind(Statement& statement, Params params) {
  FIVESTRAND_RETURN_IF_ERROR(CheckParams(params));
  for (std::size_t i = 0; i < statement.order.size(); ++i) {
    const auto ours = static_cast<std::size_t>(statement.order[i]);
    if (ours >= params.size()) return Report(options_.observer, Unforeseen("sqlite: a parameter has no value"));
    const Param& param = params[ours];
    const int index = static_cast<int>(i) + 1;
    int code = SQLITE_OK;
    switch (param.kind()) {
      case Param::Kind::kNull:
        code = sqlite3_bind_null(statement.handle, index);
        break;
      case Param::Kind::kInt:
        code = sqlite3_bind_int64(statement.handle, index, param.int_value());
        break;
      case Param::Kind::kDouble:
        code = sqlite3_bind_double(statement.handle, index, param.double_value());
        break;
      // An empty view may hold a null pointer, which SQLite would take for NULL.
      case Param::Kind::kText: {
        const std::string_view text = param.bytes();
        code =
            sqlite3_bind_text64(statement.handle, index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
        break;
      }
      case Param::Kind::kBlob: {
        const std::string_view blob = param.bytes();
        code = sqlite3_bind_blob64(statement.handle, index, blob.empty() ? "" : blob.data(), blob.size(), SQLITE_STATIC);
        break;
      }
    }
    if (code != SQLITE_OK) return Error(code);
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::Query(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) {
  FIVESTRAND_ASSIGN_OR_RETURN(Use use, Start(sql, params));
  const SqliteRow row(use.handle());
  int code;
  while ((code = sqlite3_step(use.handle())) == SQLITE_ROW) FIVESTRAND_RETURN_IF_ERROR(each(row));
  if (code != SQLITE_DONE) return Error(code);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> SqliteConnection::Execute(std::string_view sql, Params params) {
  FIVESTRAND_ASSIGN_OR_RETURN(Use use, Start(sql, params));
  int code;
  while ((code = sqlite3_step(use.handle())) == SQLITE_ROW) {
  }
  if (code != SQLITE_DONE) return Error(code);
  // sqlite3_changes keeps the count of an earlier statement when this one is no INSERT, UPDATE or DELETE.
  return sqlite3_stmt_readonly(use.handle()) ? 0 : sqlite3_changes64(db_);
}

absl::Status SqliteConnection::Run(std::string_view sql) {
  return Execute(sql, {}).status();
}

absl::Status SqliteConnection::Begin() {
  savepoint_ = false;
  return Run(options_.role == ConnectionRole::kWriter ? "BEGIN IMMEDIATE" : "BEGIN");
}

absl::Status SqliteConnection::Commit() {
  return Run("COMMIT");
}

void SqliteConnection::Rollback() {
  if (!InTransaction()) return;
  set_deadline(absl::InfiniteFuture());
  if (!Run("ROLLBACK").ok() || InTransaction()) usable_ = false;
}

bool SqliteConnection::InTransaction() const {
  return sqlite3_get_autocommit(db_) == 0;
}

absl::Status SqliteConnection::Savepoint() {
  if (savepoint_) FIVESTRAND_RETURN_IF_ERROR(Run("RELEASE request"));
  savepoint_ = false;
  FIVESTRAND_RETURN_IF_ERROR(Run("SAVEPOINT request"));
  savepoint_ = true;
  return absl::OkStatus();
}

absl::Status SqliteConnection::RollbackToSavepoint() {
  return Run("ROLLBACK TO request");
}

absl::Status SqliteConnection::RunScript(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::StatusOr<bool> SqliteConnection::TableExists(std::string_view table) {
  return QueryOne("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", {table},
                  [](const Row&) { return absl::OkStatus(); });
}

}  // namespace fivestrand::store
