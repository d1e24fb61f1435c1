#include "platform/events/event_codec.h"

#include "platform/calendar/timestamp.h"

namespace fivestrand::events {

void ToEvent(const store::StoredEvent& stored, v1::Event* event) {
  event->set_cursor(stored.cursor);
  event->set_kind(static_cast<v1::EventKind>(stored.kind));
  event->set_resource_type(stored.resource_type.data(), stored.resource_type.size());
  event->set_resource(stored.resource.data(), stored.resource.size());
  event->set_revision(stored.revision);
  *event->mutable_event_time() = calendar::ToTimestamp(stored.event_time);
  event->set_record(stored.record.data(), stored.record.size());
  event->set_actor(stored.actor.data(), stored.actor.size());
}

}  // namespace fivestrand::events
