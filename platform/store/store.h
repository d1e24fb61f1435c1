// The store of one service: an embedded SQLite file or a PostgreSQL database behind one interface.
//
// Durable means on disk when the caller hears OK. All writes of a process go through one queue and one connection, which commits
// the waiting requests together, each in its own savepoint. Between the replicas of a service on PostgreSQL, batches exclude one
// another, so a write body sees every earlier commit and nothing changes under it.
#ifndef FIVESTRAND_PLATFORM_STORE_STORE_H_
#define FIVESTRAND_PLATFORM_STORE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "platform/store/migration.h"
#include "platform/store/session.h"

namespace fivestrand::store {

// What followers are told. `kind` is a number of fivestrand.events.v1.EventKind.
struct OutboxEvent {
  std::int64_t kind = 0;
  std::string_view resource_type;
  std::string_view resource;
  std::string_view trust;
  std::int64_t revision = 0;
  std::string_view actor;
  std::string_view record;  // bytes, without special-category and confidential fields
};

// Who did what. The digests are bytes and may be empty.
struct AuditRow {
  std::string_view actor;
  std::string_view action;
  std::string_view resource;
  std::string_view trust;
  std::string_view before_digest;
  std::string_view after_digest;
};

// What a write body works on. Events and audit rows become visible, all or none, with the body's own changes.
class WriteTransaction : public Session {
 public:
  // Copies the event; returns its cursor, one more than the cursor before it. Cursors are in commit order, over all replicas.
  virtual std::int64_t AppendEvent(const OutboxEvent& event) = 0;
  // Copies the row and gives it the next place in the hash chain.
  virtual void AppendAudit(const AuditRow& row) = 0;
  // The time of this write: the event_time of its events and audit rows.
  virtual absl::Time now() const = 0;
};

using WriteBody = absl::AnyInvocable<absl::Status(WriteTransaction&)>;
using WriteDone = absl::AnyInvocable<void(absl::Status) &&>;

struct WriteRequest {
  absl::Time deadline = absl::InfiniteFuture();
  // Runs on the writer's thread. May run more than once (after losing against another transaction, or when a neighbour in the batch
  // took the transaction down), so it starts from nothing each time. Must not call the store. An exception becomes INTERNAL.
  WriteBody body;
  // Called once, on the writer's thread, after the commit is durable or the request has failed. Must not block.
  WriteDone done;
};

enum class ReadMode {
  kSnapshot,   // all statements of the body see one state
  kStatement,  // each statement sees its own state: the fast path for bodies with one statement
};

enum class StoreErrorKind { kBusy, kFull, kIo, kCorrupt, kConnection, kConflict, kOther };

// Told what the store does; metrics live elsewhere. Called from several threads at once; must not block.
class StoreObserver {
 public:
  virtual ~StoreObserver() = default;
  virtual void OnCommit(std::size_t batch_size, double seconds) = 0;
  virtual void OnRead(double seconds) = 0;
  virtual void OnQueue(std::size_t depth) = 0;
  virtual void OnError(StoreErrorKind kind) = 0;
};

enum class MigrationMode {
  kApply,           // apply what is missing
  kRequireCurrent,  // FAILED_PRECONDITION when something is missing
};

enum class AccessMode {
  kServe,     // reads and writes; on SQLite no other process can serve the same file
  kReadOnly,  // reads only, beside a process that serves; implies kRequireCurrent
};

struct StoreOptions {
  AccessMode access = AccessMode::kServe;
  MigrationMode migrations = MigrationMode::kApply;
  std::size_t readers = 8;         // connections, opened when first needed
  std::size_t queue_limit = 4096;  // waiting write requests; one more is RESOURCE_EXHAUSTED, OVERLOADED
  std::size_t batch_count = 256;   // a batch ends at whichever of the three limits comes first
  std::size_t batch_bytes = 8 << 20;
  absl::Duration batch_time = absl::Milliseconds(20);
  absl::Duration busy_timeout = absl::Seconds(5);   // longest wait for a lock or a connection, within the deadline
  absl::Duration open_timeout = absl::Seconds(30);  // for Open as a whole, migrations by other processes included
  std::function<absl::Time()> clock = [] {
    return absl::Now();
  };                                        // for stored times; deadlines use the machine's clock
  std::shared_ptr<StoreObserver> observer;  // may be null
};

// Thread-safe.
class Store {
 public:
  // `url` is sqlite:/absolute/or/relative/path.db or postgresql://... as libpq takes it. Applies or checks the platform's
  // migrations, then each series. Errors: INVALID_ARGUMENT for the URL; FAILED_PRECONDITION with violation type SCHEMA_NEWER,
  // SCHEMA_OLDER or SCHEMA_CHANGED for a schema that does not fit this binary, STORE_IN_USE when another process serves the file,
  // STORE_ENCODING when a PostgreSQL database is not UTF-8; UNAVAILABLE when the database does not answer.
  static absl::StatusOr<std::unique_ptr<Store>> Open(std::string_view url, absl::Span<const MigrationSeries> series,
                                                     StoreOptions options = {});

  // Refuses new writes with UNAVAILABLE, commits those that wait, then closes. No other call may be running.
  virtual ~Store() = default;

  // Runs `body` on this thread on a read-only connection, waiting for a free one within the deadline.
  virtual absl::Status Read(absl::Time deadline, absl::FunctionRef<absl::Status(Session&)> body,
                            ReadMode mode = ReadMode::kSnapshot) = 0;

  // Never blocks. `done` may be called before this returns, on this thread, when the request cannot be queued.
  virtual void WriteAsync(WriteRequest request) = 0;

  // WriteAsync and wait. A request that still waits at its deadline is withdrawn; one that has begun is waited for, so that the
  // answer is the truth. Must not be called from a body or a `done`.
  virtual absl::Status Write(absl::Time deadline, absl::FunctionRef<absl::Status(WriteTransaction&)> body) = 0;

  // `listener` is told the newest cursor after each durable commit with events, also of other replicas on PostgreSQL (by
  // notification, and by a look every second in case one is lost). It hears of a commit here before the `done` of its writes is
  // called. Calls never overlap and cursors only grow; it must not block.
  // Replaces the listener before it, which is not called any more when this returns; null removes it.
  virtual void SetCommitListener(std::function<void(std::int64_t last_cursor)> listener) = 0;

  // Writes a consistent copy to `path`, which must not exist, while reads and writes go on. SQLite only; FAILED_PRECONDITION on
  // PostgreSQL, which has tools of its own.
  virtual absl::Status BackupTo(const std::string& path) = 0;

  // Waiting write requests.
  virtual std::size_t queue_depth() const = 0;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_STORE_H_
