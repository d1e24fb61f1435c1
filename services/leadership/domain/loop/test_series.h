// Series for tests of the loop.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_TEST_SERIES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_TEST_SERIES_H_

#include <optional>
#include <string_view>
#include <vector>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "services/leadership/domain/loop/series.h"

namespace fivestrand::leadership::domain {

inline constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";

// Nothing: nothing was concluded.
using Value = std::optional<double>;

inline evidence::v1::Reading MakeReading(const evidence::v1::Measure& measure, absl::CivilDay start, absl::CivilDay end,
                                         Value value) {
  evidence::v1::Reading reading;
  reading.set_measure(measure.measure());
  reading.set_scope(kNorthgate);
  reading.mutable_period()->set_kind(measure.period_kind());
  *reading.mutable_period()->mutable_start_date() = calendar::ToProto(start);
  *reading.mutable_period()->mutable_end_date() = calendar::ToProto(end);
  reading.set_final(true);
  if (value) {
    reading.set_value(*value);
  } else {
    reading.set_no_value_reason(evidence::v1::NOTHING_CONCLUDED);
  }
  return reading;
}

// A share that should be high: target 1, amber under 0.8, red under 0.5, delta 0.1.
inline evidence::v1::Measure WeeklyShare() {
  evidence::v1::Measure measure;
  measure.set_measure("visible-headteacher.drop-in-days");
  measure.set_element("visible-headteacher");
  measure.set_element_number("1.3");
  measure.set_title("Days with a drop-in");
  measure.set_unit(evidence::v1::SHARE);
  measure.set_direction(evidence::v1::HIGHER_IS_BETTER);
  measure.set_target(1);
  measure.set_amber(0.8);
  measure.set_red(0.5);
  measure.set_delta(0.1);
  measure.set_period_kind(evidence::v1::WEEK);
  return measure;
}

// The gap of disadvantaged pupils in points: amber beyond 5, red beyond 20, delta 1.
inline evidence::v1::Measure Gap() {
  evidence::v1::Measure measure;
  measure.set_measure("pupil-groups.gap");
  measure.set_element("pupil-groups");
  measure.set_title("Gap");
  measure.set_unit(evidence::v1::PERCENTAGE_POINTS);
  measure.set_direction(evidence::v1::ZERO_IS_BETTER);
  measure.set_amber(5);
  measure.set_red(20);
  measure.set_delta(1);
  measure.set_period_kind(evidence::v1::ASSESSMENT_WINDOW);
  return measure;
}

// One reading a week from the Monday given, holidays or not.
inline Series Weekly(std::string_view monday, const std::vector<Value>& values, evidence::v1::Measure measure = WeeklyShare()) {
  Series series;
  series.measure = std::move(measure);
  absl::CivilDay start = calendar::D(monday);
  for (const Value& value : values) {
    series.readings.push_back(MakeReading(series.measure, start, start + 6, value));
    start += 7;
  }
  return series;
}

// Windows of two weeks, eight weeks apart.
inline Series Windows(std::string_view first, const std::vector<Value>& values, evidence::v1::Measure measure = Gap()) {
  Series series;
  series.measure = std::move(measure);
  absl::CivilDay start = calendar::D(first);
  for (const Value& value : values) {
    series.readings.push_back(MakeReading(series.measure, start, start + 13, value));
    series.readings.back().mutable_cut()->set_group(type::v1::PUPIL_GROUP_DISADVANTAGED);
    start += 56;
  }
  return series;
}

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_TEST_SERIES_H_
