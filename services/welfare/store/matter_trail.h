// Who may be told who read a sealed record.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_MATTER_TRAIL_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_MATTER_TRAIL_H_

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"

#include "platform/events/read_trail.h"

namespace fivestrand::welfare::domain {
class Matters;
}

namespace fivestrand::welfare::store {

// The person whom a live record is about, and for whom it exists. In a concern that another raised only its holder and the person's
// circle are named, from when they became so: its raiser's name is not for the person, and must not come out by comparing.
absl::StatusOr<std::optional<events::ReadTrail>> MatterTrail(domain::Matters& matters, fivestrand::store::Session& session,
                                                             std::string_view name, std::string_view person);

}  // namespace fivestrand::welfare::store

#endif  // FIVESTRAND_SERVICES_WELFARE_STORE_MATTER_TRAIL_H_
