#include "platform/store/core/write_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/bulk_insert.h"
#include "platform/store/core/text.h"

namespace fivestrand::store {
namespace {

// How long the batch's own statements may take once bodies have run; longer means that the database is lost.
constexpr absl::Duration kFinishTimeout = absl::Seconds(30);

// Of events and audit rows, the most in one statement.
constexpr std::size_t kRows = 64;

// Everything but a plain SELECT may write: INSERT ... RETURNING and WITH ... DELETE also come through Query.
bool MayWrite(std::string_view sql) {
  const std::size_t start = sql.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return true;
  return !absl::StartsWithIgnoreCase(absl::string_view(sql.data() + start, sql.size() - start), "SELECT");
}

}  // namespace

absl::Status WriteSession::Start() {
  FIVESTRAND_RETURN_IF_ERROR(connection_.Begin());
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, connection_.QueryOne(engine_.lock_head_sql(), {}, [&](const Row& row) {
    head_cursor_ = row.Int(0);
    head_sequence_ = row.Int(1);
    head_hash_.fill(0);
    const std::string_view hash = row.Blob(2);
    if (row.IsNull(2) ? head_sequence_ != 0 : hash.size() != head_hash_.size()) return status::DataLoss("store_head: audit_hash");
    std::copy(hash.begin(), hash.end(), head_hash_.begin());
    return absl::OkStatus();
  }));
  return found ? absl::OkStatus() : status::DataLoss("store_head: no row");
}

void WriteSession::StartRequest(absl::Time now, absl::Time deadline) {
  connection_.set_deadline(deadline);
  now_ = now;
  first_error_ = absl::OkStatus();
  wrote_ = savepoint_ = broken_ = false;
  kept_before_ = kept_.size();
  events_before_ = events_.size();
  audits_before_ = audits_.size();
}

absl::Status WriteSession::EndRequest(absl::Status body_status) {
  if (!body_status.ok()) return body_status;
  if (!first_error_.ok()) return first_error_;
  others_wrote_ = others_wrote_ || wrote_;
  return absl::OkStatus();
}

bool WriteSession::UndoRequest() {
  kept_.resize(kept_before_);
  events_.resize(events_before_);
  audits_.resize(audits_before_);
  if (broken_ || !connection_.InTransaction()) return false;
  // Without a savepoint and after an error, PostgreSQL refuses every further statement of the transaction.
  if (!savepoint_) return !wrote_ && first_error_.ok();
  connection_.set_deadline(absl::Now() + kFinishTimeout);
  return connection_.RollbackToSavepoint().ok();
}

absl::Status WriteSession::Failed(absl::Status status) {
  if (first_error_.ok()) first_error_ = status;
  return status;
}

absl::Status WriteSession::BeforeWrite(Params params) {
  for (const Param& param : params) {
    const bool has_bytes = param.kind() == Param::Kind::kText || param.kind() == Param::Kind::kBlob;
    bytes_ += has_bytes ? param.bytes().size() : sizeof(std::int64_t);
  }
  if (!wrote_ && others_wrote_) {
    if (absl::Status status = connection_.Savepoint(); !status.ok()) {
      broken_ = true;
      return status;
    }
    savepoint_ = true;
  }
  wrote_ = true;
  return absl::OkStatus();
}

absl::Status WriteSession::Query(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) {
  if (!first_error_.ok()) return first_error_;
  if (MayWrite(sql)) {
    if (absl::Status status = BeforeWrite(params); !status.ok()) return Failed(std::move(status));
  }
  // An error of the caller's own callback is no reason to refuse what it does next.
  bool from_callback = false;
  absl::Status status = connection_.Query(sql, params, [&](const Row& row) {
    absl::Status result = each(row);
    from_callback = !result.ok();
    return result;
  });
  return status.ok() || from_callback ? status : Failed(std::move(status));
}

absl::StatusOr<std::int64_t> WriteSession::Execute(std::string_view sql, Params params) {
  if (!first_error_.ok()) return first_error_;
  if (absl::Status status = BeforeWrite(params); !status.ok()) return Failed(std::move(status));
  absl::StatusOr<std::int64_t> changed = connection_.Execute(sql, params);
  if (!changed.ok()) return Failed(changed.status());
  return changed;
}

WriteSession::Slice WriteSession::Keep(std::string_view bytes) {
  const Slice slice{kept_.size(), bytes.size()};
  kept_.append(bytes);
  bytes_ += bytes.size();
  return slice;
}

WriteSession::Slice WriteSession::KeepText(std::string_view text) {
  // These rows are written together with those of other requests, so what the engine would refuse must not get that far.
  if (!IsStorableText(text) && first_error_.ok()) {
    first_error_ = status::InvalidField("text", "must be UTF-8 without NUL bytes");
  }
  return Keep(text);
}

std::int64_t WriteSession::AppendEvent(const OutboxEvent& event) {
  events_.push_back({ToMicros(now_), event.kind, event.revision, KeepText(event.resource_type), KeepText(event.resource),
                     KeepText(event.trust), KeepText(event.actor), Keep(event.record)});
  return head_cursor_ + static_cast<std::int64_t>(events_.size());
}

void WriteSession::AppendAudit(const AuditRow& row) {
  audits_.push_back({ToMicros(now_), KeepText(row.actor), KeepText(row.action), KeepText(row.resource), KeepText(row.trust),
                     Keep(row.before_digest), Keep(row.after_digest)});
}

absl::Status WriteSession::FlushEvents() {
  constexpr std::size_t kColumns = 9;
  static const BulkInsert& insert = *new BulkInsert(
      "INSERT INTO outbox (cursor, event_time, kind, resource_type, resource, trust, revision, actor, record)", kColumns, kRows);
  std::vector<Param> values;
  values.reserve(events_.size() * kColumns);
  std::int64_t cursor = head_cursor_;
  for (const Event& event : events_) {
    const Param row[kColumns] = {
        ++cursor,          event.time,     event.kind,        View(event.resource_type),      View(event.resource),
        View(event.trust), event.revision, View(event.actor), Param::Blob(View(event.record))};
    values.insert(values.end(), std::begin(row), std::end(row));
  }
  return insert.Run(connection_, values, engine_.rows_per_insert());
}

absl::Status WriteSession::FlushAudits() {
  constexpr std::size_t kColumns = 9;
  static const BulkInsert& insert =
      *new BulkInsert("INSERT INTO audit (sequence, event_time, actor, action, resource, trust, before_digest, after_digest, hash)",
                      kColumns, kRows);
  std::vector<AuditHash> hashes(audits_.size());
  std::vector<Param> values;
  values.reserve(audits_.size() * kColumns);
  std::int64_t sequence = head_sequence_;
  const AuditHash* previous = &head_hash_;
  for (std::size_t i = 0; i < audits_.size(); ++i) {
    const Audit& audit = audits_[i];
    const AuditRow fields{View(audit.actor), View(audit.action), View(audit.resource),
                          View(audit.trust), View(audit.before), View(audit.after)};
    hashes[i] = ChainHash(*previous, ++sequence, audit.time, fields);
    previous = &hashes[i];
    const Param row[kColumns] = {sequence,
                                 audit.time,
                                 fields.actor,
                                 fields.action,
                                 fields.resource,
                                 fields.trust,
                                 Param::Blob(fields.before_digest),
                                 Param::Blob(fields.after_digest),
                                 Param::Blob({previous->data(), previous->size()})};
    values.insert(values.end(), std::begin(row), std::end(row));
  }
  FIVESTRAND_RETURN_IF_ERROR(insert.Run(connection_, values, engine_.rows_per_insert()));
  head_hash_ = *previous;
  head_sequence_ = sequence;
  return absl::OkStatus();
}

absl::Status WriteSession::Finish() {
  connection_.set_deadline(absl::Now() + kFinishTimeout);
  if (!others_wrote_ && events_.empty() && audits_.empty()) {
    connection_.Rollback();
    return absl::OkStatus();
  }
  if (!events_.empty() || !audits_.empty()) {
    FIVESTRAND_RETURN_IF_ERROR(FlushEvents());
    FIVESTRAND_RETURN_IF_ERROR(FlushAudits());
    const Param hash = head_sequence_ == 0 ? Param(nullptr) : Param::Blob({head_hash_.data(), head_hash_.size()});
    const std::int64_t cursor = head_cursor_ + static_cast<std::int64_t>(events_.size());
    FIVESTRAND_RETURN_IF_ERROR(
        connection_.Query(engine_.publish_head_sql(), {cursor, head_sequence_, hash}, [](const Row&) { return absl::OkStatus(); }));
  }
  return connection_.Commit();
}

}  // namespace fivestrand::store
