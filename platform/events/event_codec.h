// Events between the outbox and the contract. Internal to platform/events.
#ifndef FIVESTRAND_PLATFORM_EVENTS_EVENT_CODEC_H_
#define FIVESTRAND_PLATFORM_EVENTS_EVENT_CODEC_H_

#include "fivestrand/events/v1/events.pb.h"

#include "platform/store/outbox.h"

namespace fivestrand::events {

void ToEvent(const store::StoredEvent& stored, v1::Event* event);

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_EVENT_CODEC_H_
