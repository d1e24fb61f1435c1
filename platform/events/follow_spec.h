// What a service declares in order to follow another one, or itself: part of its RecordServiceSpec.
#ifndef FIVESTRAND_PLATFORM_EVENTS_FOLLOW_SPEC_H_
#define FIVESTRAND_PLATFORM_EVENTS_FOLLOW_SPEC_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::store {
class Session;
class WriteTransaction;
}  // namespace fivestrand::store

namespace fivestrand::events {

namespace v1 {
class Event;
}

// A feed that is followed, and what its events do here.
//
// Each event has its effect exactly once: cursor and effects are one transaction of this service's store. Effects run on the
// store's writer, in order, so they must be short and wait for nothing. A transaction can be run again, so an effect starts from
// nothing each time. An error that is not passing (UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED) stops the follower
// at that event: it is logged, shows in fivestrand_feed_follower_stopped, and is tried again until it works; nothing is skipped.
//
// Changing `resource_types` makes the follower start anew from a snapshot.
struct FollowSpec {
  // Unique in its service; id form, for example "organisation".
  std::string name;
  // The service that is followed, for example "leadership".
  std::string source;
  // Resource types; empty: all that the source keeps itself.
  std::vector<std::string> resource_types;
  // Null: each event is applied to the mirror of its type (mirror.h), every one of which `mirrors` of the spec must name. Records
  // of a snapshot come as RECORDED.
  std::function<absl::Status(const resource::Registry&, store::WriteTransaction&, const v1::Event&)> effect;
  // With an effect: called before the first record of a snapshot, in its transaction. Removes what earlier events have left behind,
  // unless the effect replaces it anyway. May be null.
  std::function<absl::Status(const resource::Registry&, store::WriteTransaction&)> restart;
};

// Something that a service puts into its outbox and that is no record of its registry: what its snapshot is made of.
struct SnapshotSource {
  std::string resource_type;  // "fivestrand/Reading"
  // Calls `each` for at most `limit` events (kind RECORDED; resource, revision and record set) in bytewise order of `resource`, all
  // after `after` ("" for the first call). The session is a snapshot.
  std::function<absl::Status(store::Session&, std::string_view after, std::int64_t limit,
                             absl::FunctionRef<absl::Status(const v1::Event&)> each)>
      read;
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_FOLLOW_SPEC_H_
