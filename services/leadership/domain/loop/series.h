// A series of final readings and what its values mean.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_SERIES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_SERIES_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/calendar/day.h"

namespace fivestrand::leadership::domain {

// Most readings of a series that anything here looks at: two years of weeks, or a year of school days.
inline constexpr int kSeriesReadings = 200;

// Days on which a school is held to what it has agreed.
struct AgreedSpan {
  calendar::DayRange days;
  evidence::v1::Measure measure;
};

// The final readings of one measure, scope and cut.
struct Series {
  // As the trust holds itself to it.
  evidence::v1::Measure measure;
  // None overlaps another.
  std::vector<AgreedSpan> agreed;
  // Raises nothing by rule.
  bool muted = false;
  // Oldest first, one a period, the newest when a period was corrected. Each has a period.
  std::vector<evidence::v1::Reading> readings;
};

calendar::DayRange RangeOf(const evidence::v1::Period& period);
inline absl::CivilDay EndOf(const evidence::v1::Reading& reading) {
  return RangeOf(reading.period()).end;
}
inline absl::CivilDay StartOf(const evidence::v1::Reading& reading) {
  return RangeOf(reading.period()).start;
}

// How bad a value is in the direction of the measure: greater is worse. 0 for a measure without direction.
double Badness(const evidence::v1::Measure& measure, double value);
// How far a value is from the target on the wrong side; 0 when it is reached.
double Distance(const evidence::v1::Measure& measure, double value);
// What a reading is held to: what the school had agreed for the day on which its period closed, or else what the trust is held to.
const evidence::v1::Measure& MeasureAt(const Series& series, const evidence::v1::Reading& reading);
// Band of a reading under the limits that it is held to; unspecified without a value.
evidence::v1::Band BandAt(const Series& series, std::size_t index);

// Nothing was due or concluded in the period: as if it were not there.
bool SaysNothing(const evidence::v1::Reading& reading);
// The reading before `index` that says something; nothing when there is none, or when it has no value, so that nobody can tell.
std::optional<std::size_t> Before(const Series& series, std::size_t index);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_SERIES_H_
