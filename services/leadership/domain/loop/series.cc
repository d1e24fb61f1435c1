#include "services/leadership/domain/loop/series.h"

#include <algorithm>
#include <cmath>

#include "platform/calendar/calendar_proto.h"
#include "platform/evidence/measure.h"

namespace fivestrand::leadership::domain {

using evidence::v1::Measure;
using evidence::v1::Reading;

calendar::DayRange RangeOf(const evidence::v1::Period& period) {
  return {calendar::FromProto(period.start_date()).value_or(absl::CivilDay()),
          calendar::FromProto(period.end_date()).value_or(absl::CivilDay())};
}

double Badness(const Measure& measure, double value) {
  switch (measure.direction()) {
    case evidence::v1::HIGHER_IS_BETTER:
      return -value;
    case evidence::v1::LOWER_IS_BETTER:
      return value;
    case evidence::v1::ZERO_IS_BETTER:
      return std::abs(value);
    default:
      return 0;
  }
}

double Distance(const Measure& measure, double value) {
  switch (measure.direction()) {
    case evidence::v1::HIGHER_IS_BETTER:
      return std::max(0.0, measure.target() - value);
    case evidence::v1::LOWER_IS_BETTER:
      return std::max(0.0, value - measure.target());
    case evidence::v1::ZERO_IS_BETTER:
      return std::max(0.0, std::abs(value) - std::abs(measure.target()));
    default:
      return 0;
  }
}

const Measure& MeasureAt(const Series& series, const Reading& reading) {
  const absl::CivilDay closed = EndOf(reading);
  for (const AgreedSpan& agreed : series.agreed) {
    if (agreed.days.Contains(closed)) return agreed.measure;
  }
  return series.measure;
}

evidence::v1::Band BandAt(const Series& series, std::size_t index) {
  const Reading& reading = series.readings[index];
  return reading.has_value() ? evidence::BandOf(MeasureAt(series, reading), reading.value()) : evidence::v1::BAND_UNSPECIFIED;
}

bool SaysNothing(const Reading& reading) {
  return !reading.has_value() &&
         (reading.no_value_reason() == evidence::v1::NOTHING_CONCLUDED || reading.no_value_reason() == evidence::v1::NO_CALENDAR);
}

std::optional<std::size_t> Before(const Series& series, std::size_t index) {
  while (index > 0) {
    --index;
    if (SaysNothing(series.readings[index])) continue;
    if (!series.readings[index].has_value()) return std::nullopt;
    return index;
  }
  return std::nullopt;
}

}  // namespace fivestrand::leadership::domain
