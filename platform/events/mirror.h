// Mirrors: copies of records that another service keeps (Registry::DeclareMirror), written out of that service's feed alone.
//
// Tests seed a mirror with ApplyToMirror and an event that they make themselves: the same function that a follower calls.
#ifndef FIVESTRAND_PLATFORM_EVENTS_MIRROR_H_
#define FIVESTRAND_PLATFORM_EVENTS_MIRROR_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace google::protobuf {
class Message;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::store {
class WriteTransaction;
}

namespace fivestrand::events {

namespace v1 {
class Event;
}

// Brings the mirror of the event's type to the state that the event holds. An event whose revision is not above the one that is
// kept changes nothing, so that a redelivery, or an older event after a newer one, does no harm. A deletion keeps the row as a
// deleted one, as the owner does; for a type without delete_time the row goes. A record of a snapshot (RECORDED) replaces what is
// there whatever its revision. Neither outbox nor audit trail is written.
//
// INTERNAL when the type is no mirror of this registry; DATA_LOSS when the record's bytes do not parse or bear another name.
absl::Status ApplyToMirror(const resource::Registry& registry, store::WriteTransaction& transaction, const v1::Event& event);

// The same for many events in their order, in as few statements as it takes; after an error some of them have been applied.
absl::Status ApplyToMirrors(const resource::Registry& registry, store::WriteTransaction& transaction,
                            absl::Span<const v1::Event* const> events);

// The event with which a service tells of `record`, a message that carries its own name, times and delete_time: for tests and for
// snapshots. Its kind is CREATED for revision 1, DELETED when delete_time is set, else UPDATED.
v1::Event EventOf(const google::protobuf::Message& record, std::int64_t revision);

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_MIRROR_H_
