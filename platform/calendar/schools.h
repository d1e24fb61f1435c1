// Questions about several schools at once. Internal to platform/calendar.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_SCHOOLS_H_
#define FIVESTRAND_PLATFORM_CALENDAR_SCHOOLS_H_

#include <algorithm>

#include "absl/types/span.h"

#include "platform/calendar/day.h"
#include "platform/calendar/period.h"
#include "platform/calendar/school_calendar.h"

namespace fivestrand::calendar {

using Schools = absl::Span<const SchoolCalendar* const>;

template <typename Predicate>
bool EverySchool(Schools schools, Predicate predicate) {
  return std::all_of(schools.begin(), schools.end(), [&](const SchoolCalendar* school) { return predicate(*school); });
}

template <typename Predicate>
bool AnySchool(Schools schools, Predicate predicate) {
  return std::any_of(schools.begin(), schools.end(), [&](const SchoolCalendar* school) { return predicate(*school); });
}

template <typename Predicate>
int CountDays(DayRange range, Predicate predicate) {
  int count = 0;
  for (absl::CivilDay day = range.start; day <= range.end; ++day) count += predicate(day) ? 1 : 0;
  return count;
}

// Days in the range on which pupils are in, in at least one of the schools.
int CountDaysOpen(Schools schools, DayRange range);
// INSET days that were held, in at least one of the schools.
int CountInsetDays(Schools schools, DayRange range);
// Days that count for the period within a part of it: school days, or INSET days when it has no school day at all.
int CountDaysThatCount(Schools schools, const Period& period, DayRange part);

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_SCHOOLS_H_
