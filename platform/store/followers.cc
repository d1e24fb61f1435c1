#include "platform/store/followers.h"

#include <algorithm>

#include "platform/status/macros.h"
#include "platform/store/outbox.h"

namespace fivestrand::store {
namespace {

// Newest event before `time`, or what is trimmed already. Times follow the order of cursors, but for clocks of replicas that differ
// a little, and there are no gaps: a search by halves reads a few rows where a condition would read the whole outbox.
absl::StatusOr<std::int64_t> CursorBefore(Session& session, absl::Time time) {
  FIVESTRAND_ASSIGN_OR_RETURN(const OutboxHead head, ReadOutboxHead(session));
  std::int64_t before = head.trimmed_cursor, after = head.last_cursor + 1;
  while (after - before > 1) {
    const std::int64_t middle = before + (after - before) / 2;
    bool older = true;
    FIVESTRAND_RETURN_IF_ERROR(session
                                   .QueryOne("SELECT event_time FROM outbox WHERE cursor = $1", {middle},
                                             [&](const Row& row) {
                                               older = row.Time(0) < time;
                                               return absl::OkStatus();
                                             })
                                   .status());
    (older ? before : after) = middle;
  }
  return before;
}

}  // namespace

absl::Status AcknowledgeEvents(WriteTransaction& transaction, std::string_view follower, std::int64_t cursor) {
  return transaction
      .Execute(
          "INSERT INTO feed_follower (follower, cursor, acknowledge_time) VALUES ($1, $2, $3) ON CONFLICT (follower) DO UPDATE "
          "SET cursor = excluded.cursor, acknowledge_time = excluded.acknowledge_time",
          {follower, cursor, transaction.now()})
      .status();
}

absl::StatusOr<std::optional<std::int64_t>> SlowestFollower(Session& session, absl::Time heard_since) {
  std::optional<std::int64_t> slowest;
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT MIN(cursor) FROM feed_follower WHERE acknowledge_time >= $1", {heard_since}, [&](const Row& row) {
        if (!row.IsNull(0)) slowest = row.Int(0);
        return absl::OkStatus();
      }));
  return slowest;
}

absl::StatusOr<std::int64_t> ForgetFollowers(Store& store, absl::Time deadline, absl::Time before) {
  std::int64_t count = 0;
  FIVESTRAND_RETURN_IF_ERROR(store.Write(deadline, [&](WriteTransaction& transaction) {
    auto changed = transaction.Execute("DELETE FROM feed_follower WHERE acknowledge_time < $1", {before});
    count = changed.value_or(0);
    return changed.status();
  }));
  return count;
}

absl::StatusOr<std::int64_t> TrimmableCursor(Session& session, absl::Time now, absl::Duration least_age,
                                             absl::Duration greatest_age) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t too_old, CursorBefore(session, now - greatest_age));
  FIVESTRAND_ASSIGN_OR_RETURN(std::int64_t old_enough, CursorBefore(session, now - least_age));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<std::int64_t> slowest, SlowestFollower(session, now - greatest_age));
  if (slowest) old_enough = std::min(old_enough, *slowest);
  return std::max(too_old, old_enough);
}

}  // namespace fivestrand::store
