// Reading and trimming the outbox. Cursors start at 1 and have no gaps; an event is visible only when every event before it is.
#ifndef FIVESTRAND_PLATFORM_STORE_OUTBOX_H_
#define FIVESTRAND_PLATFORM_STORE_OUTBOX_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "platform/store/session.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// At most this many types can be asked for at once.
inline constexpr std::size_t kMaxEventTypes = 64;

// An event as it was stored; the views are valid during the callback.
struct StoredEvent : OutboxEvent {
  std::int64_t cursor = 0;
  absl::Time event_time;
};

struct EventPage {
  // Everything up to here was looked at: ask for what is after it next. At least `after`.
  std::int64_t cursor = 0;
  // Whether more may be waiting already.
  bool more = false;
};

// Calls `each` for at most `limit` events after cursor `after` in order; only of `types` unless that is empty. One call looks at a
// bounded number of events, so it can give none and still advance. OUT_OF_RANGE when events after `after` were trimmed; with types
// this is sure only on a snapshot session.
absl::StatusOr<EventPage> ReadEvents(Session& session, std::int64_t after, std::int64_t limit, absl::Span<const std::string> types,
                                     absl::FunctionRef<absl::Status(const StoredEvent&)> each);

struct OutboxHead {
  std::int64_t last_cursor = 0;     // 0 when there never was an event
  std::int64_t trimmed_cursor = 0;  // events up to here are gone
};
absl::StatusOr<OutboxHead> ReadOutboxHead(Session& session);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_OUTBOX_H_
