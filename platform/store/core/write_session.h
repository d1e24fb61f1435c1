// One transaction of the writer, in which the bodies of a batch run one after another.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_WRITE_SESSION_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_WRITE_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/audit.h"
#include "platform/store/core/connection.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// Events and audit rows are kept in memory and written by Finish: undoing a request's is then only forgetting them, and on
// PostgreSQL a batch sends them in a few statements. A savepoint is taken when a body first writes after another body of the batch
// has: a body that only reads, and the first that writes, cost none.
class WriteSession final : public WriteTransaction {
 public:
  WriteSession(Engine& engine, Connection& connection) : engine_(engine), connection_(connection) {}

  // Begins the transaction and locks the head.
  absl::Status Start();

  void StartRequest(absl::Time now, absl::Time deadline);
  // What the body's request ends with: its own status, or the first error of the engine if it went on after one.
  absl::Status EndRequest(absl::Status body_status);
  // Undoes the request after an error. False when only the whole transaction can be rolled back.
  bool UndoRequest();

  // Writes events, audit rows and the head, and commits. Without any write it rolls back, which is cheaper.
  absl::Status Finish();

  // After Finish: the newest cursor if the batch had events, else 0.
  std::int64_t committed_cursor() const { return events_.empty() ? 0 : head_cursor_ + static_cast<std::int64_t>(events_.size()); }
  // About how much the batch writes so far.
  std::size_t bytes() const { return bytes_; }

  absl::Status Query(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) override;
  absl::StatusOr<std::int64_t> Execute(std::string_view sql, Params params) override;
  std::int64_t AppendEvent(const OutboxEvent& event) override;
  void AppendAudit(const AuditRow& row) override;
  absl::Time now() const override { return now_; }

 private:
  struct Slice {
    std::size_t begin, size;
  };
  struct Event {
    std::int64_t time, kind, revision;
    Slice resource_type, resource, trust, actor, record;
  };
  struct Audit {
    std::int64_t time;
    Slice actor, action, resource, trust, before, after;
  };

  Slice Keep(std::string_view bytes);
  Slice KeepText(std::string_view text);
  std::string_view View(Slice slice) const { return std::string_view(kept_).substr(slice.begin, slice.size); }
  absl::Status BeforeWrite(Params params);
  absl::Status Failed(absl::Status status);
  absl::Status FlushEvents();
  absl::Status FlushAudits();

  Engine& engine_;
  Connection& connection_;
  // The head as it was when the transaction began.
  std::int64_t head_cursor_ = 0;
  std::int64_t head_sequence_ = 0;
  AuditHash head_hash_{};

  std::string kept_;  // the bytes that events and audit rows point into
  std::vector<Event> events_;
  std::vector<Audit> audits_;
  std::size_t bytes_ = 0;
  bool others_wrote_ = false;  // a request that is kept has written

  // Of the request that runs.
  absl::Time now_;
  absl::Status first_error_;
  bool wrote_ = false;
  bool savepoint_ = false;
  bool broken_ = false;  // a statement failed where no savepoint can help
  std::size_t kept_before_ = 0, events_before_ = 0, audits_before_ = 0;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_WRITE_SESSION_H_
