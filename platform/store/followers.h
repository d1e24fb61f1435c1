// Who follows the outbox, and how far each has come: what trimming waits for.
#ifndef FIVESTRAND_PLATFORM_STORE_FOLLOWERS_H_
#define FIVESTRAND_PLATFORM_STORE_FOLLOWERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/session.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// Registers the follower, or says how far it has come now; the time is that of the transaction.
absl::Status AcknowledgeEvents(WriteTransaction& transaction, std::string_view follower, std::int64_t cursor);

// The cursor of the follower that has come least far, of those heard of since `heard_since`. Nothing when there is none.
absl::StatusOr<std::optional<std::int64_t>> SlowestFollower(Session& session, absl::Time heard_since);

// Forgets the followers that were last heard of before `before`; how many. They will have to take a snapshot.
absl::StatusOr<std::int64_t> ForgetFollowers(Store& store, absl::Time deadline, absl::Time before);

// How far the outbox may be trimmed: up to what every known follower has read and what is older than `least_age`; but in any case
// up to what is older than `greatest_age`. Known are the followers heard of within `greatest_age`.
absl::StatusOr<std::int64_t> TrimmableCursor(Session& session, absl::Time now, absl::Duration least_age,
                                             absl::Duration greatest_age);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_FOLLOWERS_H_
