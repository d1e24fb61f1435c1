#include "services/leadership/domain/measures_readings.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "platform/names/names.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::DayRange;
using calendar::Period;
using evidence::v1::PeriodKind;
using evidence::v1::Reading;

// Periods of different schools with the same key are one period of the trust.
std::pair<absl::CivilDay, int> KeyOf(const Period& period) {
  switch (period.cadence) {
    case calendar::Cadence::kDaily:
      return {period.start, 0};
    case calendar::Cadence::kWeekly:
      // A week that two academic years share is cut at 1 September, for some schools and not for others.
      return {calendar::MondayOf(period.start), period.academic_year};
    default:
      return {calendar::AcademicYearRange(period.academic_year).start, period.number};
  }
}

std::string DayLabel(absl::CivilDay day) {
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return absl::StrCat(day.day(), " ", kMonths[day.month() - 1]);
}

void Join(const Period& one, Period& whole) {
  whole.start = std::min(whole.start, one.start);
  whole.end = std::max(whole.end, one.end);
  whole.school_days = std::max(whole.school_days, one.school_days);
  // Schools that number their weeks differently: the date names it.
  if (whole.label != one.label) whole.label = absl::StrCat("w/c ", DayLabel(calendar::MondayOf(whole.start)));
}

}  // namespace

absl::CivilDay FactsFrom(absl::CivilDay first) {
  // No period is longer than an academic year, but a week may begin up to six days before one.
  return calendar::AcademicYearRange(calendar::AcademicYearOf(first)).start - 6;
}

MeasureReadings::MeasureReadings(const TrustFacts& facts, ReadingQuestion question)
    : facts_(facts), question_(std::move(question)), of_trust_(names::SchoolOf(question_.scope).empty()) {
  figures_.reserve(facts.schools.size());
  for (const SchoolFacts& school : facts.schools) figures_.emplace_back(school);
}

bool MeasureReadings::PlansAny(DayRange range) const {
  return std::any_of(facts_.schools.begin(), facts_.schools.end(), [&](const SchoolFacts& school) {
    const auto& years = school.calendar->years();
    return std::any_of(years.begin(), years.end(), [&](const calendar::SchoolCalendar::Year& year) {
      const DayRange whole = calendar::AcademicYearRange(year.start_year);
      return whole.start <= range.end && range.start <= whole.end;
    });
  });
}

MeasureReadings::SchoolPeriods MeasureReadings::Lay(PeriodKind kind, DayRange span, bool begin_inside, int limit) const {
  SchoolPeriods all;
  for (const SchoolFacts& school : facts_.schools) {
    std::vector<Period> periods = evidence::ReadingPeriods(*school.calendar, kind, span, question_.as_of.day, limit);
    if (begin_inside) {
      periods.erase(std::remove_if(periods.begin(), periods.end(), [&](const Period& period) { return period.start < span.start; }),
                    periods.end());
    }
    all.periods.push_back(std::move(periods));
  }
  LayScope(all);
  if (all.scope.size() > static_cast<std::size_t>(limit)) all.scope.erase(all.scope.begin(), all.scope.end() - limit);
  return all;
}

void MeasureReadings::LayScope(SchoolPeriods& all) const {
  std::map<std::pair<absl::CivilDay, int>, ScopePeriod> by_key;
  for (std::size_t i = 0; i < all.periods.size(); ++i) {
    for (const Period& period : all.periods[i]) {
      auto [found, is_new] = by_key.try_emplace(KeyOf(period));
      ScopePeriod& whole = found->second;
      if (is_new) {
        whole.period = period;
        whole.of_school.resize(facts_.schools.size(), nullptr);
      } else {
        Join(period, whole.period);
      }
      whole.of_school[i] = &period;
    }
  }
  for (auto& [key, whole] : by_key) all.scope.push_back(std::move(whole));
}

evidence::ReadingContext MeasureReadings::ContextOf(MeasureId id) const {
  return {.measure = DefinitionOf(id),
          .scope = question_.scope,
          .as_of = question_.as_of.day,
          .compute_time = question_.compute_time,
          .day_still_open = question_.as_of.still_open};
}

Figure MeasureReadings::OfTrust(MeasureId id, const ScopePeriod& whole) const {
  Figure total;
  bool nothing_kept = false;
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    const Period* period = whole.of_school[i];
    // A school without a calendar has schools' half terms all the same: nobody may drop out of "seen" by not keeping one. Nor does
    // the time since a visit depend on a calendar.
    const bool has_calendar = figures_[i].facts().calendar->FindYear(whole.period.academic_year) != nullptr;
    if (period == nullptr && (IsRolling(id) || (id == MeasureId::kSchoolsSeen && !has_calendar))) period = &whole.period;
    if (period == nullptr) continue;
    const Figure figure = figures_[i].Of(id, *period, question_.as_of);
    if (!figure.exists()) {
      nothing_kept = nothing_kept || figure.none == evidence::v1::NOT_KEPT_YET;
      continue;
    }
    if (IsRolling(id)) {
      total.numerator = std::max(total.numerator, figure.numerator);
      total.denominator = 1;
    } else {
      total.numerator += figure.numerator;
      total.denominator += figure.denominator;
    }
  }
  if (total.denominator > 0) return total;
  return {.none = nothing_kept ? evidence::v1::NOT_KEPT_YET : evidence::v1::NOTHING_CONCLUDED};
}

Reading MeasureReadings::FromFigure(MeasureId id, const Period& period, const Figure& figure) const {
  const evidence::ReadingContext context = ContextOf(id);
  if (!figure.exists()) return evidence::NoReading(context, period, figure.none);
  const bool mean_of_counts = of_trust_ && context.measure.unit == evidence::v1::COUNT;
  Reading reading = context.measure.unit == evidence::v1::SHARE || mean_of_counts
                        ? evidence::ShareReading(context, period, figure.numerator, figure.denominator)
                        : evidence::ValueReading(context, period, figure.numerator);
  // What is counted up over a half term begins at nothing: until it closes, only having enough can be judged.
  const bool adds_up = context.measure.period_kind == evidence::v1::HALF_TERM;
  if (adds_up && !reading.final() && reading.band() != evidence::v1::GREEN) reading.clear_band();
  return reading;
}

Reading MeasureReadings::Read(MeasureId id, const ScopePeriod& whole) const {
  if (of_trust_) return FromFigure(id, whole.period, OfTrust(id, whole));
  return FromFigure(id, whole.period, figures_[0].Of(id, whole.period, question_.as_of));
}

Reading MeasureReadings::ReadAsOf(MeasureId id) const {
  Period day;
  day.cadence = calendar::Cadence::kWithin12Months;  // of no kind that a list could be asked for
  day.start = day.end = question_.as_of.day;
  day.academic_year = calendar::AcademicYearOf(question_.as_of.day);
  day.label = DayLabel(question_.as_of.day);
  return Read(id, {day, std::vector<const Period*>(facts_.schools.size(), nullptr)});
}

evidence::v1::MeasureSummary MeasureReadings::Summary(MeasureId id, absl::CivilDay since) {
  const PeriodKind kind = DefinitionOf(id).period_kind;
  const absl::CivilDay as_of = question_.as_of.day;
  auto [found, is_new] = trend_periods_.try_emplace(kind);
  if (is_new) found->second = Lay(kind, {since, as_of}, true, evidence::kMaxTrend);

  std::vector<Reading> readings;
  bool as_of_is_in_last = false;
  for (const ScopePeriod& period : found->second.scope) {
    readings.push_back(Read(id, period));
    as_of_is_in_last = period.period.range().Contains(as_of);
  }
  if (IsRolling(id) && !as_of_is_in_last) readings.push_back(ReadAsOf(id));
  evidence::v1::MeasureSummary summary = evidence::Summary(ContextOf(id), std::move(readings));
  if (!IsRolling(id) && !PlansAny({as_of, as_of})) *summary.mutable_latest() = evidence::NoCalendarReading(ContextOf(id));
  return summary;
}

std::vector<Reading> MeasureReadings::List(MeasureId id, PeriodKind kind, DayRange span) {
  if (kind == evidence::v1::PERIOD_KIND_UNSPECIFIED) kind = DefinitionOf(id).period_kind;
  const SchoolPeriods periods = Lay(kind, span, false, evidence::kMaxReadings);
  std::vector<Reading> readings;
  for (const ScopePeriod& period : periods.scope) readings.push_back(Read(id, period));
  if (readings.empty() && !PlansAny(span)) readings.push_back(evidence::NoCalendarReading(ContextOf(id)));
  return readings;
}

}  // namespace fivestrand::leadership::domain
