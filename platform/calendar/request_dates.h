// Dates and spans of days in requests.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_REQUEST_DATES_H_
#define FIVESTRAND_PLATFORM_CALENDAR_REQUEST_DATES_H_

#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

#include "platform/calendar/day.h"

namespace fivestrand::calendar {

// Nothing when absent. INVALID_ARGUMENT when it is no date, or lies outside 1990 to 2100.
absl::StatusOr<std::optional<absl::CivilDay>> ReadDate(bool present, const google::type::Date& date, std::string_view field);

// The span of a request's start_date and end_date, checked: in order, and at most `max_days` long.
absl::StatusOr<DayRange> CheckSpan(DayRange span, int max_days);

// start_date and end_date of a request that has both.
struct AskedSpan {
  std::optional<absl::CivilDay> start, end;
};
template <typename Request>
absl::StatusOr<AskedSpan> ReadSpan(const Request& request) {
  auto start = ReadDate(request.has_start_date(), request.start_date(), "start_date");
  if (!start.ok()) return std::move(start).status();
  auto end = ReadDate(request.has_end_date(), request.end_date(), "end_date");
  if (!end.ok()) return std::move(end).status();
  return AskedSpan{*start, *end};
}

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_REQUEST_DATES_H_
