// What the measures of a service are held to, sent to followers as events of the type fivestrand/Measure, whose record is a
// fivestrand.evidence.v1.Measure: a reading alone does not say which way is better. They come before the first reading of a trust,
// and once more when a new version of the program defines a measure otherwise.
#ifndef FIVESTRAND_PLATFORM_SERVICE_MEASURE_JOURNAL_H_
#define FIVESTRAND_PLATFORM_SERVICE_MEASURE_JOURNAL_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "platform/events/follow_spec.h"
#include "platform/evidence/measure.h"

namespace fivestrand::store {
class WriteTransaction;
}

namespace fivestrand::service {

inline constexpr std::string_view kMeasureType = "fivestrand/Measure";

// Writes what is new or changed for a trust, given by id. Twice changes nothing. The event's resource is
// `trusts/t/measures/{measure}`.
absl::Status JournalMeasures(store::WriteTransaction& transaction, std::string_view trust,
                             absl::Span<const evidence::MeasureDefinition> measures, std::string_view actor);

// What this adds to the snapshot for a new follower.
events::SnapshotSource MeasureSnapshot();

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_MEASURE_JOURNAL_H_
