#include "platform/calendar/schools.h"

namespace fivestrand::calendar {

int CountDaysOpen(Schools schools, DayRange range) {
  if (schools.size() == 1) return schools[0]->CountSchoolDays(range);
  return CountDays(range, [&](absl::CivilDay day) {
    return AnySchool(schools, [&](const SchoolCalendar& school) { return school.IsSchoolDay(day); });
  });
}

int CountInsetDays(Schools schools, DayRange range) {
  return CountDays(range, [&](absl::CivilDay day) {
    return AnySchool(schools, [&](const SchoolCalendar& school) { return school.KindOf(day) == DayKind::kInset; });
  });
}

int CountDaysThatCount(Schools schools, const Period& period, DayRange part) {
  return CountDaysOpen(schools, period.range()) > 0 ? CountDaysOpen(schools, part) : CountInsetDays(schools, part);
}

}  // namespace fivestrand::calendar
