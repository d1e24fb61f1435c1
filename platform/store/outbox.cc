#include "platform/store/outbox.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::store {
namespace {

// With a filter, one call looks at most at this many events.
constexpr std::int64_t kWindow = 5000;

}  // namespace

absl::StatusOr<OutboxHead> ReadOutboxHead(Session& session) {
  OutboxHead head;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, session.QueryOne("SELECT event_cursor, trimmed_cursor FROM store_head WHERE id = 1",
                                                                 {}, [&](const Row& row) {
                                                                   head.last_cursor = row.Int(0);
                                                                   head.trimmed_cursor = row.Int(1);
                                                                   return absl::OkStatus();
                                                                 }));
  return found ? absl::StatusOr<OutboxHead>(head) : status::DataLoss("store_head: no row");
}

absl::StatusOr<EventPage> ReadEvents(Session& session, std::int64_t after, std::int64_t limit, absl::Span<const std::string> types,
                                     absl::FunctionRef<absl::Status(const StoredEvent&)> each) {
  if (types.size() > kMaxEventTypes) return status::InvalidField("resource_types", "too many");
  // Read before the events: whatever the head counts is then visible to the second statement, snapshot or not.
  FIVESTRAND_ASSIGN_OR_RETURN(const OutboxHead head, ReadOutboxHead(session));
  if (after < head.trimmed_cursor) return status::OutOfRange("after", "the events after this cursor are not kept any more");
  EventPage page{after, false};
  if (after >= head.last_cursor || limit <= 0) return page;
  const std::int64_t end = types.empty() ? head.last_cursor : std::min(head.last_cursor, after + kWindow);

  std::string sql =
      "SELECT cursor, event_time, kind, resource_type, resource, trust, revision, actor, record FROM outbox "
      "WHERE cursor > $1 AND cursor <= $2";
  std::vector<Param> params = {after, end, limit};
  for (const std::string& type : types) {
    params.push_back(type);
    absl::StrAppend(&sql, params.size() == 4 ? " AND resource_type IN ($" : ", $", params.size());
  }
  if (!types.empty()) sql += ")";
  sql += " ORDER BY cursor LIMIT $3";

  std::int64_t count = 0;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, params, [&](const Row& row) {
    StoredEvent event;
    event.cursor = row.Int(0);
    if (types.empty() && event.cursor != page.cursor + 1) {
      return status::OutOfRange("after", "the events after this cursor are not kept any more");
    }
    event.event_time = row.Time(1);
    event.kind = row.Int(2);
    event.resource_type = row.Text(3);
    event.resource = row.Text(4);
    event.trust = row.Text(5);
    event.revision = row.Int(6);
    event.actor = row.Text(7);
    event.record = row.Blob(8);
    FIVESTRAND_RETURN_IF_ERROR(each(event));
    page.cursor = event.cursor;
    ++count;
    return absl::OkStatus();
  }));
  if (count < limit) page.cursor = end;
  page.more = page.cursor < head.last_cursor;
  return page;
}

}  // namespace fivestrand::store
