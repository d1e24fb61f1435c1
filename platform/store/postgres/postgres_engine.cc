#include "platform/store/postgres/postgres_engine.h"

#include <utility>

#include "platform/status/status.h"
#include "platform/store/core/dialect.h"
#include "platform/store/postgres/postgres_connection.h"

namespace fivestrand::store {
namespace {

class PostgresEngine final : public Engine {
 public:
  PostgresEngine(std::string url, std::shared_ptr<StoreObserver> observer) : url_(std::move(url)), observer_(std::move(observer)) {}

  absl::StatusOr<std::unique_ptr<Connection>> Connect(ConnectionRole role, absl::Time deadline) override {
    return PostgresConnection::Open(url_, role, observer_, deadline);
  }

  std::string Translate(std::string_view sql) const override { return TranslateForPostgres(sql); }

  absl::Status LockMigrations(Connection& connection) override {
    // An arbitrary number of our own; the lock is the database's, not the server's, and ends with the transaction.
    return connection.RunScript("SELECT pg_advisory_xact_lock(5417336002)");
  }

  std::string_view lock_head_sql() const override {
    return "SELECT event_cursor, audit_sequence, audit_hash FROM store_head WHERE id = 1 FOR UPDATE";
  }
  std::string_view publish_head_sql() const override {
    return "UPDATE store_head SET event_cursor = $1, audit_sequence = $2, audit_hash = $3 WHERE id = 1 "
           "RETURNING pg_notify('fivestrand_outbox', event_cursor::text)";
  }
  // The server keeps 64 subtransactions a session in shared memory; with more, every reader slows down.
  std::size_t batch_limit() const override { return 64; }
  std::size_t rows_per_insert() const override { return 64; }

  absl::Status BackupTo(const std::string&) override {
    return status::Precondition("BACKUP_ENGINE", "store", "a PostgreSQL database is backed up with PostgreSQL's own tools");
  }

  std::unique_ptr<CommitWatch> Watch(std::function<void(std::int64_t)> announce) override {
    return WatchPostgres(url_, std::move(announce));
  }

 private:
  const std::string url_;
  const std::shared_ptr<StoreObserver> observer_;
};

}  // namespace

std::unique_ptr<Engine> OpenPostgresEngine(std::string_view url, const StoreOptions& options) {
  return std::make_unique<PostgresEngine>(std::string(url), options.observer);
}

}  // namespace fivestrand::store
