// Days as people write and count them. A day is an absl::CivilDay; times of day exist only at the edges, always as
// Europe/London. All functions are pure and thread-safe.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_DAY_H_
#define FIVESTRAND_PLATFORM_CALENDAR_DAY_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace fivestrand::calendar {

// Both ends belong to it. Empty when end < start.
struct DayRange {
  absl::CivilDay start;
  absl::CivilDay end;

  bool Contains(absl::CivilDay day) const { return start <= day && day <= end; }
  bool empty() const { return end < start; }
  friend bool operator==(const DayRange& a, const DayRange& b) { return a.start == b.start && a.end == b.end; }
};

// Exactly YYYY-MM-DD and a day that exists, years 0001 to 9999; nothing for any other bytes.
std::optional<absl::CivilDay> ParseDay(std::string_view text);
// YYYY-MM-DD. ParseDay reads it back for years 0001 to 9999.
std::string FormatDay(absl::CivilDay day);

// The day on which it is `time` in London, and the moment at which the day begins there. The rule is built in (summer time from
// the last Sunday of March to the last Sunday of October, 01:00 UTC, as since 1996), so that nothing depends on the time zone
// files of a machine. Times outside the years 1 to 9999 are taken as the nearest one inside.
absl::CivilDay DayOf(absl::Time time);
absl::Time StartOf(absl::CivilDay day);

bool IsWeekend(absl::CivilDay day);
// Monday of the week, on or before `day`.
absl::CivilDay MondayOf(absl::CivilDay day);
// The same date one year later; 28 February for a leap day.
absl::CivilDay YearAfter(absl::CivilDay day);

// Academic years run from 1 September to 31 August and are known by the year in which they start.
int AcademicYearOf(absl::CivilDay day);
DayRange AcademicYearRange(int start_year);
// 2026 <-> `2026-27`. Parsing takes start years 1990 to 2100 only.
std::string AcademicYearId(int start_year);
std::optional<int> ParseAcademicYearId(std::string_view id);
// `2026/27`.
std::string AcademicYearLabel(int start_year);

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_DAY_H_
