#include "services/leadership/domain/loop/school_days.h"

#include <algorithm>

#include "platform/calendar/day.h"

namespace fivestrand::leadership::domain {
namespace {

// Mondays to Fridays after `from`, up to and including `to`.
int Weekdays(absl::CivilDay from, absl::CivilDay to) {
  const absl::CivilDay monday = calendar::MondayOf(from), last_monday = calendar::MondayOf(to);
  const auto within = [](absl::CivilDay start, absl::CivilDay day) {
    return static_cast<int>(day - start) >= 5 ? 5 : static_cast<int>(day - start) + 1;
  };
  return static_cast<int>((last_monday - monday) / 7) * 5 + within(last_monday, to) - within(monday, from);
}

}  // namespace

int SchoolDays(const calendar::SchoolCalendar* calendar, absl::CivilDay from, absl::CivilDay to) {
  if (to <= from) return 0;
  if (calendar == nullptr) return Weekdays(from, to);
  if (calendar->IsPlanned({from + 1, to})) return calendar->SchoolDaysBetween(from, to);
  // Year by year, since a calendar can lack one in the middle.
  int days = 0;
  absl::CivilDay at = from;
  while (at < to) {
    const absl::CivilDay end = std::min(to, calendar::AcademicYearRange(calendar::AcademicYearOf(at + 1)).end);
    days += calendar->IsPlanned({at + 1, end}) ? calendar->SchoolDaysBetween(at, end) : Weekdays(at, end);
    at = end;
  }
  return days;
}

}  // namespace fivestrand::leadership::domain
