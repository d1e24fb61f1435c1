// Calendars for tests: two school years of the usual English pattern, 190 days for pupils and five INSET days each.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_TEST_CALENDARS_H_
#define FIVESTRAND_PLATFORM_CALENDAR_TEST_CALENDARS_H_

#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/calendar/bank_holidays.h"
#include "platform/calendar/day.h"
#include "platform/calendar/school_calendar.h"

namespace fivestrand::calendar {

// Ends the test program when the text is no day: a slip in the test itself.
inline absl::CivilDay D(std::string_view text) {
  const std::optional<absl::CivilDay> day = ParseDay(text);
  if (!day.has_value()) std::abort();
  return *day;
}

inline std::vector<absl::CivilDay> Days(std::initializer_list<std::string_view> texts) {
  std::vector<absl::CivilDay> days;
  for (const std::string_view text : texts) days.push_back(D(text));
  return days;
}

// Monday 20 July 2026 is INSET, alone in the last week.
inline AcademicYearInput Year2025() {
  return {"2025-26",
          {{D("2025-09-01"), D("2025-12-19"), D("2025-10-27"), D("2025-10-31")},
           {D("2026-01-05"), D("2026-03-27"), D("2026-02-16"), D("2026-02-20")},
           {D("2026-04-13"), D("2026-07-20"), D("2026-05-25"), D("2026-05-29")}},
          Days({"2025-09-01", "2025-09-02", "2026-01-05", "2026-06-01", "2026-07-20"}),
          {}};
}

// Begins on a Tuesday; the Monday of its first week is the summer bank holiday in the academic year before.
inline AcademicYearInput Year2026() {
  return {"2026-27",
          {{D("2026-09-01"), D("2026-12-18"), D("2026-10-26"), D("2026-10-30")},
           {D("2027-01-04"), D("2027-03-25"), D("2027-02-15"), D("2027-02-19")},
           {D("2027-04-12"), D("2027-07-21"), D("2027-05-31"), D("2027-06-04")}},
          Days({"2026-09-01", "2026-09-02", "2027-01-04", "2027-06-07", "2027-07-21"}),
          {}};
}

inline SchoolCalendar BuildOrDie(std::vector<AcademicYearInput> years) {
  absl::StatusOr<SchoolCalendar> calendar = SchoolCalendar::Build({std::move(years), BankHolidays::ByRule(2020, 2035)});
  if (!calendar.ok()) std::abort();
  return *std::move(calendar);
}

inline SchoolCalendar TwoYears() {
  return BuildOrDie({Year2025(), Year2026()});
}

inline AcademicYearInput WithClosures(AcademicYearInput year, std::initializer_list<std::string_view> days) {
  for (const std::string_view day : days) year.closures.push_back({D(day), "Snow"});
  return year;
}

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_TEST_CALENDARS_H_
