#include "platform/events/event_codec.h"

#include <cstdint>
#include <string>

namespace fivestrand::events {

void SetEventTime(absl::Time time, v1::Event* event) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  std::int64_t seconds = micros / 1000000, rest = micros % 1000000;
  if (rest < 0) {
    --seconds;
    rest += 1000000;
  }
  event->mutable_event_time()->set_seconds(seconds);
  event->mutable_event_time()->set_nanos(static_cast<std::int32_t>(rest * 1000));
}

absl::Time EventTime(const v1::Event& event) {
  return absl::FromUnixSeconds(event.event_time().seconds()) + absl::Nanoseconds(event.event_time().nanos());
}

void ToEvent(const store::StoredEvent& stored, v1::Event* event) {
  event->set_cursor(stored.cursor);
  event->set_kind(static_cast<v1::EventKind>(stored.kind));
  event->set_resource_type(stored.resource_type.data(), stored.resource_type.size());
  event->set_resource(stored.resource.data(), stored.resource.size());
  event->set_revision(stored.revision);
  SetEventTime(stored.event_time, event);
  event->set_record(stored.record.data(), stored.record.size());
  event->set_actor(stored.actor.data(), stored.actor.size());
}

}  // namespace fivestrand::events
