#include "platform/store/housekeeping.h"

#include <algorithm>

#include "platform/status/macros.h"
#include "platform/store/outbox.h"

namespace fivestrand::store {

absl::StatusOr<std::int64_t> DeleteExpiredIdempotency(Store& store, absl::Time deadline, absl::Time now, std::int64_t limit) {
  std::int64_t deleted = 0;
  FIVESTRAND_RETURN_IF_ERROR(store.Write(deadline, [&](WriteTransaction& tx) {
    auto changed = tx.Execute(
        "DELETE FROM idempotency WHERE (actor, request_id) IN "
        "(SELECT actor, request_id FROM idempotency WHERE expire_time < $1 ORDER BY expire_time LIMIT $2)",
        {now, limit});
    deleted = changed.value_or(0);
    return changed.status();
  }));
  return deleted;
}

absl::StatusOr<std::int64_t> TrimOutbox(Store& store, absl::Time deadline, std::int64_t up_to, std::int64_t limit) {
  std::int64_t deleted = 0;
  FIVESTRAND_RETURN_IF_ERROR(store.Write(deadline, [&](WriteTransaction& tx) {
    deleted = 0;
    FIVESTRAND_ASSIGN_OR_RETURN(const OutboxHead head, ReadOutboxHead(tx));
    // Cursors have no gaps, so a count is a range. The head counts only what was committed before this batch.
    const std::int64_t end = std::min({up_to, head.last_cursor, head.trimmed_cursor + std::max<std::int64_t>(limit, 0)});
    if (end <= head.trimmed_cursor) return absl::OkStatus();
    FIVESTRAND_ASSIGN_OR_RETURN(deleted, tx.Execute("DELETE FROM outbox WHERE cursor <= $1", {end}));
    return tx.Execute("UPDATE store_head SET trimmed_cursor = $1 WHERE id = 1", {end}).status();
  }));
  return deleted;
}

}  // namespace fivestrand::store
