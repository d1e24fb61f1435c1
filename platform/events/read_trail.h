// Who may be told who was answered with a record, and how much of it: what a service says of its own records.
#ifndef FIVESTRAND_PLATFORM_EVENTS_READ_TRAIL_H_
#define FIVESTRAND_PLATFORM_EVENTS_READ_TRAIL_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::store {
class Session;
}

namespace fivestrand::events {

// Somebody who may be named, in readings from `since` on.
struct NamedReader {
  std::string person;
  absl::Time since = absl::InfinitePast();
};

// What the person may learn of the readings of a record that is about them.
struct ReadTrail {
  // Whoever read this other record from `since` on was given this one with it; empty: none.
  std::string with;
  absl::Time since = absl::InfinitePast();
  // Absent: everybody is named. Whoever opened a seal is named always.
  std::optional<std::vector<NamedReader>> named;
};

// Nothing when the record `name` is not about `person`, does not exist for them, or is of a kind whose every reading is not written
// down. The session is a snapshot.
using ReadTrailOf = std::function<absl::StatusOr<std::optional<ReadTrail>>(
    const resource::Registry& registry, store::Session& session, std::string_view name, std::string_view person)>;

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_READ_TRAIL_H_
