// The periods in which something is due, counted in school time.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_PERIOD_H_
#define FIVESTRAND_PLATFORM_CALENDAR_PERIOD_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "platform/calendar/day.h"
#include "platform/calendar/school_calendar.h"

namespace fivestrand::calendar {

enum class Cadence {
  kDaily,          // a school day
  kWeekly,         // a Monday-Sunday week with a school day in it
  kFortnightly,    // two consecutive school weeks on the grid of the planned year; a last odd week makes none
  kMonthly,        // a calendar month with a school day
  kHalfTermly,     // each half term
  kSixTimesAYear,  // the same
  kTermly,         // each term, its half-term holiday included
  kTwiceAYear,     // half terms 1-3 and 4-6
  kAnnually,       // the academic year
  kWithin12Months  // rolls: the twelve months up to the day that is asked about
};

// `daily`, `weekly`, ..., `twice a year`, `six times a year`, `annually`, `within 12 months`.
std::string_view CadenceName(Cadence cadence);
std::optional<Cadence> ParseCadence(std::string_view name);

struct Period {
  Cadence cadence = Cadence::kDaily;
  absl::CivilDay start;   // inclusive, weekends and holidays inside it too
  absl::CivilDay end;     // inclusive
  int academic_year = 0;  // the year in which it starts
  // From 1 within the academic year; for a week its school week number. For days and months the place in the list.
  int number = 0;
  // First day that the plan has school on (INSET for a week of INSET only): what decides in which half term or term a week falls.
  absl::CivilDay first_school_day;
  // Days that count, closures taken out. 0: the period is not due.
  int school_days = 0;
  // As people say it: `Mon 7 Sep`, `Week 5`, `Weeks 5-6`, `September 2026`, `Autumn 1`, `Autumn`, `Autumn 1 to Spring 1`,
  // `2026/27`.
  std::string label;

  DayRange range() const { return {start, end}; }
};

struct PeriodOptions {
  // A week with nothing but INSET is a school week in which something is due.
  bool inset_only_week_is_due = false;
};

// All periods of a cadence over all planned years, in order of time; none for kWithin12Months. They come from the planned calendar:
// a closure can make one not due (school_days 0) but never renumbers or removes it, so that the list of an open year is stable. A
// week of INSET only is listed as not due.
//
// With several schools (two schools in one series) a day, week or month is a period when every school plans to be open in it, and
// due when every school is open in it; the n-th half term, term and so on runs from the earliest start to the latest end, and may
// overlap the next. Years that not every school plans are left out. No schools, no periods. Null pointers are not allowed.
std::vector<Period> Periods(Cadence cadence, absl::Span<const SchoolCalendar* const> schools, const PeriodOptions& options = {});
std::vector<Period> Periods(Cadence cadence, const SchoolCalendar& school, const PeriodOptions& options = {});

// Those that touch the range.
std::vector<Period> PeriodsIn(DayRange range, Cadence cadence, const SchoolCalendar& school, const PeriodOptions& options = {});
// The one that holds the day, or nothing in a holiday.
std::optional<Period> PeriodOf(absl::CivilDay day, Cadence cadence, const SchoolCalendar& school,
                               const PeriodOptions& options = {});

// From the Monday of the n-th last school week that has begun by `as_of`, that week included, to `as_of`; nothing when fewer are
// planned.
std::optional<DayRange> LastSchoolWeeks(const SchoolCalendar& school, absl::CivilDay as_of, int n);

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_PERIOD_H_
