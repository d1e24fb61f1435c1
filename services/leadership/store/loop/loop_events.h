// What the feeds of all services do to the improvement loop. Each function runs in the transaction of a follower; an event that
// comes twice, or an older one after a newer one, changes nothing.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_EVENTS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_EVENTS_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/events/follow_spec.h"
#include "platform/store/store.h"
#include "services/leadership/store/loop/loop_reader.h"

namespace fivestrand::leadership::store {

// Whether what follows from an event is written too. A rebuild from the feeds takes concerns and threads from their own events.
enum class Consequences { kWrite, kNone };

// An event of a service: a reading (fivestrand/Reading), what a measure is held to (fivestrand/Measure), or a record that can
// answer a thread; anything else does nothing. The rules run for the series of a reading, and the threads that an event touches go
// on, in the same transaction.
absl::Status ApplyLoopEvent(const LoopReader& reader, std::string_view source, fivestrand::store::WriteTransaction& transaction,
                            const events::v1::Event& event, Consequences consequences = Consequences::kWrite);

// Before a snapshot of a service: its readings and measures go, and its answers count as withdrawn until the snapshot has them
// again. Confidential answers stay, since nobody can tell whose they are.
absl::Status RestartLoop(std::string_view source, fivestrand::store::WriteTransaction& transaction);

// The feeds that leadership follows for the loop: its own, and those of the services that can answer.
std::vector<events::FollowSpec> LoopFollows(std::shared_ptr<organisation::CalendarReader> calendars);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_EVENTS_H_
