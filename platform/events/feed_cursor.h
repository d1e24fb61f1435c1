// What a follower writes: its cursor, and with it the effects of events. Internal to platform/events.
#ifndef FIVESTRAND_PLATFORM_EVENTS_FEED_CURSOR_H_
#define FIVESTRAND_PLATFORM_EVENTS_FEED_CURSOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/events/follow_spec.h"

namespace fivestrand::events {

// Between the replicas of a service on PostgreSQL, each of which follows: whoever commits first has the events, and the cursor,
// read in the transaction, tells the others to skip them. Used by one thread.
class FeedCursor {
 public:
  // Both outlive it.
  FeedCursor(const FollowSpec& spec, const resource::Registry& registry);

  // The durable cursor; nothing before the first snapshot is here, and while one is being taken.
  absl::StatusOr<std::optional<std::int64_t>> Read();

  // Applies the events above the durable cursor, then sets it to `cursor` unless it is further. Returns the durable cursor. ABORTED
  // when a snapshot is being taken over. After an error: `by_effect` tells whether the effect of an event is what failed.
  absl::StatusOr<std::int64_t> Apply(absl::Span<const v1::Event* const> events, std::int64_t cursor, bool* by_effect);

  // Begins to take over a snapshot. UNAVAILABLE while another replica does and makes progress.
  absl::Status BeginSnapshot();
  // Applies a part; mirrored rows between the part before and this one, which the snapshot does not hold, go. ABORTED when another
  // replica has taken over.
  absl::Status ApplySnapshot(const v1::SnapshotBatch& batch);
  absl::Status EndSnapshot(std::int64_t cursor);

 private:
  struct Row {
    bool found = false;
    bool same_types = false;
    std::int64_t cursor = 0;
    std::string snapshot;
    std::int64_t snapshot_time = 0;
  };

  absl::StatusOr<Row> ReadRow(store::Session& session) const;
  absl::Status ApplyEvents(store::WriteTransaction& transaction, absl::Span<const v1::Event* const> events) const;
  // Deletes the rows of the mirror in (after, last], or all after `after` when `complete`, that the batch does not hold.
  absl::Status RemoveOthers(store::WriteTransaction& transaction, const v1::SnapshotBatch& batch,
                            const std::pair<std::string, std::string>& after) const;

  const FollowSpec& spec_;
  const resource::Registry& registry_;
  const std::string types_;
  // Of the snapshot that is being taken over: its id, and for each type the trust and path of the last record that was applied.
  std::string snapshot_;
  absl::flat_hash_map<std::string, std::pair<std::string, std::string>> reached_;
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_FEED_CURSOR_H_
