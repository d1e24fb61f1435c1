#include "services/leadership/domain/loop/rules.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "platform/calendar/day.h"
#include "platform/calendar/period.h"
#include "platform/evidence/measure.h"
#include "platform/evidence/suppress.h"
#include "services/leadership/domain/loop/school_days.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::SchoolCalendar;
using evidence::v1::AMBER;
using evidence::v1::GREEN;
using evidence::v1::Reading;
using evidence::v1::RED;
using Indexes = std::vector<std::size_t>;

constexpr v1::Rule kRules[] = {v1::OUT_OF_BAND, v1::WIDENING_GAP, v1::MISSED_COMMITMENT, v1::FALLING, v1::STALE};
// Adherence is looked at over these.
constexpr int kSchoolWeeks = 6;

Indexes OutOfBand(const Series& series, std::size_t index) {
  if (series.measure.commitment()) return {};
  const evidence::v1::Band band = BandAt(series, index);
  if (band == RED) return {index};
  if (band != AMBER) return {};
  const std::optional<std::size_t> before = Before(series, index);
  if (!before || (BandAt(series, *before) != AMBER && BandAt(series, *before) != RED)) return {};
  return {*before, index};
}

bool EnoughPupils(const Reading& reading) {
  return reading.sample_size() == 0 || evidence::MayShow(reading.sample_size());
}

// How much further from zero than the reading before; nothing when nobody can tell, or when it came out on the other side.
std::optional<double> Widened(const Series& series, std::size_t index, std::size_t before) {
  const Reading &now = series.readings[index], &then = series.readings[before];
  if (!now.has_value() || !then.has_value() || !EnoughPupils(now) || !EnoughPupils(then)) return std::nullopt;
  if (now.value() * then.value() < 0) return 0.0;
  return std::abs(now.value()) - std::abs(then.value());
}

bool IsGap(const Series& series) {
  return series.measure.direction() == evidence::v1::ZERO_IS_BETTER;
}

Indexes WideningGap(const Series& series, std::size_t index) {
  if (!IsGap(series)) return {};
  const std::optional<std::size_t> before = Before(series, index);
  const std::optional<std::size_t> first = before ? Before(series, *before) : std::nullopt;
  if (!first) return {};
  const double delta = series.measure.delta();
  if (Widened(series, index, *before).value_or(0) <= delta || Widened(series, *before, *first).value_or(0) <= delta) return {};
  return {*first, *before, index};
}

bool Missed(const Reading& reading) {
  return reading.has_value() && reading.value() <= 0;
}

// From the Monday of the sixth last school week to the end of the reading's period.
calendar::DayRange SixSchoolWeeks(const Reading& reading, const SchoolCalendar* calendar) {
  const absl::CivilDay end = EndOf(reading);
  if (calendar != nullptr) {
    if (const auto weeks = calendar::LastSchoolWeeks(*calendar, end, kSchoolWeeks)) return *weeks;
  }
  return {calendar::MondayOf(end) - 7 * (kSchoolWeeks - 1), end};
}

// Readings of the last six school weeks when what was kept of what is concluded in them is worse than amber; none of a series that
// is younger than that.
Indexes PoorAdherence(const Series& series, std::size_t index, const SchoolCalendar* calendar) {
  const calendar::DayRange weeks = SixSchoolWeeks(series.readings[index], calendar);
  if (StartOf(series.readings.front()) > weeks.start + 6) return {};
  Indexes within;
  double kept = 0, concluded = 0;
  for (std::size_t i = 0; i <= index; ++i) {
    const Reading& reading = series.readings[i];
    if (!reading.has_value() || StartOf(reading) < weeks.start || EndOf(reading) > weeks.end) continue;
    const bool counted = reading.denominator() > 0;
    kept += counted ? reading.numerator() : reading.value();
    concluded += counted ? reading.denominator() : 1;
    within.push_back(i);
  }
  if (within.size() < 2 || concluded <= 0) return {};
  const evidence::v1::Band band = evidence::BandOf(MeasureAt(series, series.readings[index]), kept / concluded);
  return band == AMBER || band == RED ? within : Indexes();
}

Indexes MissedCommitment(const Series& series, std::size_t index, const SchoolCalendar* calendar) {
  if (!series.measure.commitment() || !series.readings[index].has_value()) return {};
  if (Missed(series.readings[index])) {
    const std::optional<std::size_t> before = Before(series, index);
    if (before && Missed(series.readings[*before])) return {*before, index};
  }
  return PoorAdherence(series, index, calendar);
}

// The reading of the same time a year before: the nearest one, no further off than half of its period, ten days at least.
std::optional<std::size_t> YearBefore(const Series& series, std::size_t index) {
  const calendar::DayRange now = RangeOf(series.readings[index].period());
  const absl::CivilDay then = now.start - 364;
  const int most = std::clamp(static_cast<int>(now.end - now.start) / 2, 10, 45);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < index; ++i) {
    const Reading& reading = series.readings[i];
    if (reading.period().kind() != series.readings[index].period().kind()) continue;
    const auto off = [&](std::size_t at) {
      return std::abs(static_cast<long>(StartOf(series.readings[at]) - then));
    };
    if (off(i) <= most && (!best || off(i) < off(*best))) best = i;
  }
  return best;
}

// How much worse than a year before; nothing when nobody can tell.
std::optional<double> Fell(const Series& series, std::size_t index, std::size_t* year_before) {
  const std::optional<std::size_t> then = YearBefore(series, index);
  if (!then || !series.readings[index].has_value() || !series.readings[*then].has_value()) return std::nullopt;
  *year_before = *then;
  return Badness(series.measure, series.readings[index].value()) - Badness(series.measure, series.readings[*then].value());
}

Indexes Falling(const Series& series, std::size_t index) {
  // A beat is held or missed; what it was a year before says nothing.
  if (series.measure.commitment()) return {};
  std::size_t then = 0;
  const std::optional<double> fell = Fell(series, index, &then);
  // Figures are shares and means: what differs in the last bits does not differ.
  if (!fell || *fell <= series.measure.delta() + 1e-9) return {};
  return {then, index};
}

Indexes Stale(const Series& series, std::size_t index, const SchoolCalendar* calendar) {
  if (!SaysNothing(series.readings[index])) return {};
  for (std::size_t i = index; i-- > 0;) {
    if (SaysNothing(series.readings[i])) continue;
    if (!series.readings[i].has_value()) return {};
    const int quiet = SchoolDays(calendar, EndOf(series.readings[i]), EndOf(series.readings[index]));
    return quiet >= kHalfTermSchoolDays ? Indexes{i, index} : Indexes();
  }
  return {};
}

}  // namespace

absl::Span<const v1::Rule> ReadingRules() {
  return kRules;
}

Indexes Fires(v1::Rule rule, const Series& series, std::size_t index, const SchoolCalendar* calendar) {
  switch (rule) {
    case v1::OUT_OF_BAND:
      return OutOfBand(series, index);
    case v1::WIDENING_GAP:
      return WideningGap(series, index);
    case v1::MISSED_COMMITMENT:
      return MissedCommitment(series, index, calendar);
    case v1::FALLING:
      return Falling(series, index);
    case v1::STALE:
      return Stale(series, index, calendar);
    default:
      return {};
  }
}

bool Recovered(v1::Rule rule, const Series& series, std::size_t index, const SchoolCalendar* calendar) {
  if (!series.readings[index].has_value()) return false;
  switch (rule) {
    case v1::OUT_OF_BAND:
      return BandAt(series, index) == GREEN;
    case v1::MISSED_COMMITMENT:
      return !Missed(series.readings[index]) && MissedCommitment(series, index, calendar).empty();
    case v1::WIDENING_GAP: {
      const std::optional<std::size_t> before = Before(series, index);
      const std::optional<double> widened = before ? Widened(series, index, *before) : std::nullopt;
      return widened && *widened <= series.measure.delta();
    }
    case v1::FALLING: {
      std::size_t then = 0;
      const std::optional<double> fell = Fell(series, index, &then);
      return fell && *fell <= series.measure.delta() + 1e-9;
    }
    case v1::STALE:
      return true;
    default:
      return false;
  }
}

}  // namespace fivestrand::leadership::domain
