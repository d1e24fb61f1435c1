// How stores, cursors and filters keep a day: as the number yyyymmdd, which orders as days do and which people can read.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_DATE_NUMBER_H_
#define FIVESTRAND_PLATFORM_CALENDAR_DATE_NUMBER_H_

#include <cstdint>

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace fivestrand::calendar {

inline std::int64_t DateNumber(absl::CivilDay day) {
  return day.year() * 10'000 + day.month() * 100 + day.day();
}

// Orders as dates do also where a date does not exist; 0 for one that is not set.
inline std::int64_t DateNumber(const google::type::Date& date) {
  return std::int64_t{date.year()} * 10'000 + date.month() * 100 + date.day();
}

// The day of a number that DateNumber gave.
inline absl::CivilDay DayOfNumber(std::int64_t number) {
  return absl::CivilDay(number / 10'000, number / 100 % 100, number % 100);
}

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_DATE_NUMBER_H_
