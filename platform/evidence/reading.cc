#include "platform/evidence/reading.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/calendar/timestamp.h"

namespace fivestrand::evidence {
namespace {

v1::PeriodKind KindOf(calendar::Cadence cadence) {
  switch (cadence) {
    case calendar::Cadence::kDaily:
      return v1::DAY;
    case calendar::Cadence::kWeekly:
      return v1::WEEK;
    case calendar::Cadence::kHalfTermly:
    case calendar::Cadence::kSixTimesAYear:
      return v1::HALF_TERM;
    case calendar::Cadence::kTermly:
      return v1::TERM;
    case calendar::Cadence::kAnnually:
      return v1::ACADEMIC_YEAR;
    case calendar::Cadence::kFortnightly:
      return v1::FORTNIGHT;
    case calendar::Cadence::kMonthly:
      return v1::MONTH;
    default:
      // A reading of an odd period, such as half a year or twelve months, carries its dates and label and no kind.
      return v1::PERIOD_KIND_UNSPECIFIED;
  }
}

v1::Reading Begin(const ReadingContext& context, const v1::Period& period) {
  v1::Reading reading;
  reading.set_measure(std::string(context.measure.measure));
  reading.set_scope(std::string(context.scope));
  *reading.mutable_period() = period;
  reading.set_final(IsFinal(context, period));
  *reading.mutable_compute_time() = calendar::ToTimestamp(context.compute_time);
  return reading;
}

void SetValue(const ReadingContext& context, double value, v1::Reading& reading) {
  if (!std::isfinite(value)) {
    reading.set_no_value_reason(v1::NOTHING_CONCLUDED);
    return;
  }
  reading.set_value(value);
  reading.set_band(BandOf(context.measure, value));
}

}  // namespace

std::optional<calendar::Cadence> CadenceOf(v1::PeriodKind kind) {
  switch (kind) {
    case v1::DAY:
      return calendar::Cadence::kDaily;
    case v1::WEEK:
      return calendar::Cadence::kWeekly;
    case v1::HALF_TERM:
      return calendar::Cadence::kHalfTermly;
    case v1::TERM:
      return calendar::Cadence::kTermly;
    case v1::ACADEMIC_YEAR:
      return calendar::Cadence::kAnnually;
    case v1::FORTNIGHT:
      return calendar::Cadence::kFortnightly;
    case v1::MONTH:
      return calendar::Cadence::kMonthly;
    default:
      return std::nullopt;
  }
}

v1::Period ToProto(const calendar::Period& period) {
  v1::Period proto;
  proto.set_kind(KindOf(period.cadence));
  *proto.mutable_start_date() = calendar::ToProto(period.start);
  *proto.mutable_end_date() = calendar::ToProto(period.end);
  proto.set_label(period.label);
  return proto;
}

v1::Period MakePeriod(v1::PeriodKind kind, calendar::DayRange days, std::string_view label) {
  v1::Period proto;
  proto.set_kind(kind);
  *proto.mutable_start_date() = calendar::ToProto(days.start);
  *proto.mutable_end_date() = calendar::ToProto(days.end);
  proto.set_label(std::string(label));
  return proto;
}

std::vector<calendar::Period> ReadingPeriods(const calendar::SchoolCalendar& school, v1::PeriodKind kind, calendar::DayRange range,
                                             absl::CivilDay as_of, int limit) {
  const std::optional<calendar::Cadence> cadence = CadenceOf(kind);
  if (!cadence.has_value()) return {};
  range.end = std::min(range.end, as_of);
  if (range.empty()) return {};
  std::vector<calendar::Period> periods = calendar::PeriodsIn(range, *cadence, school);
  const std::size_t most = static_cast<std::size_t>(std::max(limit, 0));
  if (periods.size() > most) periods.erase(periods.begin(), periods.end() - static_cast<std::ptrdiff_t>(most));
  return periods;
}

std::vector<calendar::Period> TrendPeriods(const calendar::SchoolCalendar& school, v1::PeriodKind kind, absl::CivilDay as_of,
                                           int limit) {
  return ReadingPeriods(school, kind, {absl::CivilDay::min(), as_of}, as_of, limit);
}

bool IsFinal(const ReadingContext& context, const calendar::Period& period) {
  return context.day_still_open ? period.end < context.as_of : period.end <= context.as_of;
}

bool IsFinal(const ReadingContext& context, const v1::Period& period) {
  const int end = calendar::DateNumber(period.end_date()), as_of = calendar::DateNumber(context.as_of);
  return context.day_still_open ? end < as_of : end <= as_of;
}

v1::Reading ShareReading(const ReadingContext& context, const calendar::Period& period, double numerator, double denominator) {
  return ShareReading(context, ToProto(period), numerator, denominator);
}

v1::Reading ShareReading(const ReadingContext& context, const v1::Period& period, double numerator, double denominator) {
  if (!(denominator > 0)) return NoReading(context, period, v1::NOTHING_CONCLUDED);
  v1::Reading reading = Begin(context, period);
  reading.set_numerator(numerator);
  reading.set_denominator(denominator);
  SetValue(context, numerator / denominator, reading);
  return reading;
}

v1::Reading ValueReading(const ReadingContext& context, const calendar::Period& period, double value) {
  return ValueReading(context, ToProto(period), value);
}

v1::Reading ValueReading(const ReadingContext& context, const v1::Period& period, double value) {
  v1::Reading reading = Begin(context, period);
  SetValue(context, value, reading);
  return reading;
}

v1::Reading AdherenceReading(const ReadingContext& context, const calendar::Period& period, const calendar::Adherence& adherence) {
  return ShareReading(context, period, adherence.held + adherence.late, adherence.concluded());
}

v1::Reading NoReading(const ReadingContext& context, const calendar::Period& period, v1::NoValueReason reason) {
  return NoReading(context, ToProto(period), reason);
}

v1::Reading NoReading(const ReadingContext& context, const v1::Period& period, v1::NoValueReason reason) {
  v1::Reading reading = Begin(context, period);
  reading.set_no_value_reason(reason);
  return reading;
}

v1::Reading NoCalendarReading(const ReadingContext& context) {
  v1::Reading reading = Begin(context, v1::Period());
  reading.clear_period();
  reading.set_final(false);
  reading.set_no_value_reason(v1::NO_CALENDAR);
  return reading;
}

void Withhold(v1::Reading& reading, v1::NoValueReason reason) {
  reading.clear_value();
  reading.clear_numerator();
  reading.clear_denominator();
  reading.clear_sample_size();
  reading.clear_band();
  reading.clear_records();
  reading.set_no_value_reason(reason);
}

v1::MeasureSummary Summary(const ReadingContext& context, std::vector<v1::Reading> readings) {
  v1::MeasureSummary summary;
  *summary.mutable_measure() = ToProto(context.measure);
  const std::size_t from = readings.size() > kMaxTrend ? readings.size() - kMaxTrend : 0;
  for (std::size_t i = from; i < readings.size(); ++i) *summary.add_trend() = std::move(readings[i]);
  *summary.mutable_latest() = summary.trend().empty() ? NoCalendarReading(context) : summary.trend(summary.trend_size() - 1);
  return summary;
}

}  // namespace fivestrand::evidence
