#include "platform/events/feed_cursor.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "platform/events/mirror.h"
#include "platform/names/id_source.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/store.h"

namespace fivestrand::events {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);
// A replica that takes over a snapshot and writes nothing for so long has ended.
constexpr absl::Duration kAbandoned = absl::Seconds(5);

std::string TypesOf(const FollowSpec& spec) {
  std::vector<std::string> types = spec.resource_types;
  std::sort(types.begin(), types.end());
  return absl::StrJoin(types, " ");
}

absl::Status TakenOver() {
  return status::Conflict("another replica takes over a snapshot", absl::Seconds(1));
}

std::pair<std::string, std::string> KeyOf(const v1::Event& event) {
  return {std::string(names::TrustOf(event.resource())), std::string(resource::PathOf(event.resource()))};
}

}  // namespace

FeedCursor::FeedCursor(const FollowSpec& spec, const resource::Registry& registry)
    : spec_(spec), registry_(registry), types_(TypesOf(spec)) {}

absl::StatusOr<FeedCursor::Row> FeedCursor::ReadRow(store::Session& session) const {
  Row row;
  FIVESTRAND_ASSIGN_OR_RETURN(
      row.found,
      session.QueryOne("SELECT cursor, snapshot, snapshot_time, source, resource_types FROM feed_cursor WHERE follower = $1",
                       {spec_.name}, [&](const store::Row& r) {
                         row.cursor = r.Int(0);
                         row.snapshot = std::string(r.Text(1));
                         row.snapshot_time = r.Int(2);
                         row.same_types = r.Text(3) == spec_.source && r.Text(4) == types_;
                         return absl::OkStatus();
                       }));
  return row;
}

absl::StatusOr<std::optional<std::int64_t>> FeedCursor::Read() {
  std::optional<std::int64_t> cursor;
  FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(absl::Now() + kTimeout, [&](store::Session& session) -> absl::Status {
    FIVESTRAND_ASSIGN_OR_RETURN(const Row row, ReadRow(session));
    // With other types than before, what came of the new ones so far was not applied.
    if (row.found && row.same_types && row.snapshot.empty()) cursor = row.cursor;
    return absl::OkStatus();
  }));
  return cursor;
}

absl::Status FeedCursor::ApplyEvents(store::WriteTransaction& transaction, absl::Span<const v1::Event* const> events) const {
  if (!spec_.effect) return ApplyToMirrors(registry_, transaction, events);
  for (const v1::Event* event : events) FIVESTRAND_RETURN_IF_ERROR(spec_.effect(registry_, transaction, *event));
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> FeedCursor::Apply(absl::Span<const v1::Event* const> events, std::int64_t cursor, bool* by_effect) {
  std::int64_t durable = 0;
  FIVESTRAND_RETURN_IF_ERROR(
      registry_.store().Write(absl::Now() + kTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
        *by_effect = false;
        FIVESTRAND_ASSIGN_OR_RETURN(const Row row, ReadRow(transaction));
        if (!row.found || !row.same_types || !row.snapshot.empty()) return TakenOver();
        durable = std::max(row.cursor, cursor);
        const auto first =
            std::find_if(events.begin(), events.end(), [&](const auto* event) { return event->cursor() > row.cursor; });
        if (absl::Status status = ApplyEvents(transaction, events.subspan(first - events.begin())); !status.ok()) {
          *by_effect = true;
          return status;
        }
        if (durable == row.cursor) return absl::OkStatus();
        return transaction.Execute("UPDATE feed_cursor SET cursor = $2 WHERE follower = $1", {spec_.name, durable}).status();
      }));
  return durable;
}

absl::Status FeedCursor::BeginSnapshot() {
  const std::string id = registry_.ids().NewId();
  FIVESTRAND_RETURN_IF_ERROR(
      registry_.store().Write(absl::Now() + kTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
        FIVESTRAND_ASSIGN_OR_RETURN(const Row row, ReadRow(transaction));
        const std::int64_t now = store::ToMicros(absl::Now());
        if (!row.snapshot.empty() && row.snapshot != snapshot_ && now - row.snapshot_time < absl::ToInt64Microseconds(kAbandoned)) {
          return status::Unavailable(status::Reason::kUpstreamUnavailable, "another replica takes over a snapshot",
                                     absl::Seconds(1));
        }
        FIVESTRAND_RETURN_IF_ERROR(
            transaction
                .Execute(
                    "INSERT INTO feed_cursor (follower, source, resource_types, cursor, snapshot, snapshot_time) VALUES ($1, $2, "
                    "$3, 0, $4, $5) ON CONFLICT (follower) DO UPDATE SET source = excluded.source, resource_types = "
                    "excluded.resource_types, snapshot = excluded.snapshot, snapshot_time = excluded.snapshot_time",
                    {spec_.name, spec_.source, types_, id, now})
                .status());
        return spec_.effect && spec_.restart ? spec_.restart(registry_, transaction) : absl::OkStatus();
      }));
  snapshot_ = id;
  reached_.clear();
  return absl::OkStatus();
}

absl::Status FeedCursor::ApplySnapshot(const v1::SnapshotBatch& batch) {
  if (batch.resource_type().empty()) return absl::OkStatus();
  const std::pair<std::string, std::string> after = reached_[batch.resource_type()];
  std::vector<const v1::Event*> records;
  for (const v1::Event& event : batch.records()) records.push_back(&event);
  FIVESTRAND_RETURN_IF_ERROR(
      registry_.store().Write(absl::Now() + kTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
        FIVESTRAND_ASSIGN_OR_RETURN(const Row row, ReadRow(transaction));
        if (row.snapshot != snapshot_) return TakenOver();
        if (!spec_.effect) FIVESTRAND_RETURN_IF_ERROR(RemoveOthers(transaction, batch, after));
        FIVESTRAND_RETURN_IF_ERROR(ApplyEvents(transaction, records));
        return transaction
            .Execute("UPDATE feed_cursor SET snapshot_time = $2 WHERE follower = $1", {spec_.name, store::ToMicros(absl::Now())})
            .status();
      }));
  if (!batch.records().empty()) reached_[batch.resource_type()] = KeyOf(batch.records(batch.records_size() - 1));
  return absl::OkStatus();
}

absl::Status FeedCursor::RemoveOthers(store::WriteTransaction& transaction, const v1::SnapshotBatch& batch,
                                      const std::pair<std::string, std::string>& after) const {
  const resource::Entry* entry = registry_.Find(batch.resource_type());
  if (entry == nullptr || !entry->mirror)
    return status::Internal(absl::StrCat(batch.resource_type(), " is no mirror of this service"));
  std::vector<std::pair<std::string, std::string>> held;
  for (const v1::Event& event : batch.records()) held.push_back(KeyOf(event));
  std::string sql = absl::StrCat("SELECT trust, path FROM ", entry->declaration->table, " WHERE (trust, path) > ($1, $2)");
  std::vector<store::Param> params = {after.first, after.second};
  if (!batch.complete()) {
    if (held.empty()) return absl::OkStatus();
    sql += " AND (trust, path) <= ($3, $4)";
    params.insert(params.end(), {held.back().first, held.back().second});
  }
  std::vector<std::string> others;
  FIVESTRAND_RETURN_IF_ERROR(transaction.Query(sql, params, [&](const store::Row& row) {
    std::pair<std::string, std::string> key(row.Text(0), row.Text(1));
    if (!std::binary_search(held.begin(), held.end(), key)) {
      others.push_back(absl::StrCat("trusts/", key.first, key.second.empty() ? "" : "/", key.second));
    }
    return absl::OkStatus();
  }));
  for (const std::string& name : others) FIVESTRAND_RETURN_IF_ERROR(entry->table->Remove(transaction, name));
  return absl::OkStatus();
}

absl::Status FeedCursor::EndSnapshot(std::int64_t cursor) {
  FIVESTRAND_RETURN_IF_ERROR(
      registry_.store().Write(absl::Now() + kTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
        FIVESTRAND_ASSIGN_OR_RETURN(const Row row, ReadRow(transaction));
        if (row.snapshot != snapshot_) return TakenOver();
        return transaction.Execute("UPDATE feed_cursor SET cursor = $2, snapshot = '' WHERE follower = $1", {spec_.name, cursor})
            .status();
      }));
  snapshot_.clear();
  return absl::OkStatus();
}

}  // namespace fivestrand::events
