#include "platform/store/sqlite/sqlite_engine.h"

#include <errno.h>
#include <fcntl.h>
#include <filesystem>
#include <string.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/dialect.h"
#include "platform/store/core/error.h"
#include "platform/store/sqlite/sqlite_connection.h"

namespace fivestrand::store {
namespace {

absl::Status Io(std::string_view what, const std::string& path, int error) {
  return status::WithHiddenCause(status::Unavailable(status::Reason::kStoreUnavailable, "the store cannot be reached", kRetryAfter),
                                 absl::StrCat(std::string(what), " ", path, ": ", strerror(error)));
}

// The same file must give the same lock whatever way its path was written.
absl::StatusOr<std::string> Resolve(std::string_view given) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::weakly_canonical(std::filesystem::path(given), error);
  if (error) return Io("resolve", std::string(given), error.value());
  return path.string();
}

// Held by an open file description, so the kernel lets go of it however the process ends.
class ProcessLock {
 public:
  ProcessLock() = default;
  ProcessLock(ProcessLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ProcessLock& operator=(ProcessLock&&) = delete;
  ~ProcessLock() {
    if (fd_ >= 0) close(fd_);
  }

  static absl::StatusOr<ProcessLock> Take(const std::string& path) {
    ProcessLock lock;
    lock.fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock.fd_ < 0) return Io("open", path, errno);
    if (flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return Io("lock", path, errno);
      return status::Precondition("STORE_IN_USE", "store", "another process serves this store");
    }
    return lock;
  }

 private:
  int fd_ = -1;
};

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(std::string path, ProcessLock lock, const StoreOptions& options)
      : path_(std::move(path)),
        lock_(std::move(lock)),
        serve_(options.access == AccessMode::kServe),
        busy_timeout_(options.busy_timeout),
        observer_(options.observer) {}

  absl::StatusOr<std::unique_ptr<Connection>> Connect(ConnectionRole role, absl::Time deadline) override {
    return SqliteConnection::Open(Options(role), deadline);
  }

  std::string Translate(std::string_view sql) const override { return TranslateForSqlite(sql); }

  // The process lock and BEGIN IMMEDIATE exclude everybody else already.
  absl::Status LockMigrations(Connection&) override { return absl::OkStatus(); }

  std::string_view lock_head_sql() const override {
    return "SELECT event_cursor, audit_sequence, audit_hash FROM store_head WHERE id = 1";
  }
  std::string_view publish_head_sql() const override {
    return "UPDATE store_head SET event_cursor = $1, audit_sequence = $2, audit_hash = $3 WHERE id = 1";
  }
  std::size_t batch_limit() const override { return 1024; }
  std::size_t rows_per_insert() const override { return 1; }

  absl::Status BackupTo(const std::string& path) override {
    FIVESTRAND_ASSIGN_OR_RETURN(auto source, SqliteConnection::Open(Options(ConnectionRole::kReader), absl::InfiniteFuture()));
    return BackupSqlite(*source, path);
  }

  std::unique_ptr<CommitWatch> Watch(std::function<void(std::int64_t)>) override { return nullptr; }

 private:
  SqliteConnection::Options Options(ConnectionRole role) const {
    return {path_, role, role == ConnectionRole::kWriter, serve_, busy_timeout_, observer_};
  }

  const std::string path_;
  const ProcessLock lock_;
  const bool serve_;
  const absl::Duration busy_timeout_;
  const std::shared_ptr<StoreObserver> observer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> OpenSqliteEngine(std::string_view given, const StoreOptions& options) {
  if (given.empty() || given.front() == ':') return status::InvalidField("url", "an SQLite store is a file: sqlite:/path/file.db");
  FIVESTRAND_ASSIGN_OR_RETURN(std::string path, Resolve(given));
  ProcessLock lock;
  if (options.access == AccessMode::kServe) {
    FIVESTRAND_ASSIGN_OR_RETURN(ProcessLock taken, ProcessLock::Take(path + ".lock"));
    // Personal data: SQLite would let the umask decide, and gives the WAL the same mode. Under the lock nobody else has the file
    // open, whose locks the close would take away.
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return Io("open", path, errno);
    close(fd);
    return std::make_unique<SqliteEngine>(std::move(path), std::move(taken), options);
  }
  if (access(path.c_str(), R_OK) != 0) return Io("open", path, errno);
  return std::make_unique<SqliteEngine>(std::move(path), std::move(lock), options);
}

}  // namespace fivestrand::store
