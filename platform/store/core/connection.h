// What an engine gives to the parts that are the same for all: the write queue, the pool of readers and the migrator.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_CONNECTION_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/session.h"

namespace fivestrand::store {

enum class ConnectionRole { kReader, kWriter };

// One connection; one thread at a time. Statements are cut off at the deadline that was set last.
class Connection : public Session {
 public:
  // A reader's transaction sees one state; a writer's takes the engine's write lock where it has one.
  virtual absl::Status Begin() = 0;
  // On an error other than a lost connection, nothing was committed.
  virtual absl::Status Commit() = 0;
  // Cannot fail: what cannot be rolled back makes the connection unusable.
  virtual void Rollback() = 0;
  // False once the engine itself has rolled the transaction back, as SQLite does when a write is interrupted or the disk is full.
  virtual bool InTransaction() const = 0;
  // Starts a savepoint and releases the one before it.
  virtual absl::Status Savepoint() = 0;
  // Undoes what came after the savepoint and keeps it. Only valid after Savepoint in the same transaction.
  virtual absl::Status RollbackToSavepoint() = 0;
  // Several statements, separated by semicolons, without parameters.
  virtual absl::Status RunScript(const std::string& sql) = 0;
  virtual absl::StatusOr<bool> TableExists(std::string_view table) = 0;
  // False when the connection is of no more use. May look at the socket, but does not wait.
  virtual bool Usable() = 0;
  // Whether a statement since Begin failed because another transaction won: the transaction is worth another try.
  virtual bool lost_conflict() const = 0;
  // Whether the engine has found its file damaged: nothing more should be written.
  virtual bool damaged() const = 0;

  void set_deadline(absl::Time deadline) { deadline_ = deadline; }
  absl::Time deadline() const { return deadline_; }

 private:
  absl::Time deadline_ = absl::InfiniteFuture();
};

// Tells of the commits of other processes, until it is destroyed.
class CommitWatch {
 public:
  virtual ~CommitWatch() = default;
};

// Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual absl::StatusOr<std::unique_ptr<Connection>> Connect(ConnectionRole role, absl::Time deadline) = 0;
  // A migration's text in the engine's own dialect.
  virtual std::string Translate(std::string_view sql) const = 0;
  // Inside a transaction: waits until no other process migrates the same store.
  virtual absl::Status LockMigrations(Connection& connection) = 0;
  // Reads event_cursor, audit_sequence and audit_hash of store_head and keeps the row locked until the transaction ends.
  virtual std::string_view lock_head_sql() const = 0;
  // Writes the same three back, as $1, $2 and $3, and tells other processes of the new cursor.
  virtual std::string_view publish_head_sql() const = 0;
  // The most requests that one transaction should hold.
  virtual std::size_t batch_limit() const = 0;
  // The most rows that one INSERT should hold: more than one where a statement costs a round trip.
  virtual std::size_t rows_per_insert() const = 0;
  virtual absl::Status BackupTo(const std::string& path) = 0;
  // Calls `announce` with the newest cursor whenever it may have grown. Null when no other process can commit.
  virtual std::unique_ptr<CommitWatch> Watch(std::function<void(std::int64_t cursor)> announce) = 0;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_CONNECTION_H_
