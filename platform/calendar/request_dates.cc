#include "platform/calendar/request_dates.h"

#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/status/status.h"

namespace fivestrand::calendar {

absl::StatusOr<std::optional<absl::CivilDay>> ReadDate(bool present, const google::type::Date& date, std::string_view field) {
  if (!present) return std::optional<absl::CivilDay>();
  const std::optional<absl::CivilDay> day = FromProto(date);
  if (!day) return status::InvalidField(field, "must be a date that exists, with year, month and day");
  if (day->year() < 1990 || day->year() > 2100) return status::InvalidField(field, "must lie in the years 1990 to 2100");
  return day;
}

absl::StatusOr<DayRange> CheckSpan(DayRange span, int max_days) {
  if (span.empty()) return status::InvalidField("end_date", "must not be before start_date");
  if (span.end - span.start >= max_days)
    return status::InvalidField("end_date", absl::StrCat("must be less than ", max_days, " days after start_date"));
  return span;
}

}  // namespace fivestrand::calendar
