// The calendar records as the calendar library takes them, and its days as the contract gives them.
#ifndef FIVESTRAND_SERVICES_ORGANISATION_DOMAIN_CALENDAR_INPUT_H_
#define FIVESTRAND_SERVICES_ORGANISATION_DOMAIN_CALENDAR_INPUT_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/calendar.pb.h"

#include "platform/calendar/bank_holidays.h"
#include "platform/calendar/school_calendar.h"
#include "platform/status/status.h"

namespace fivestrand::organisation {

namespace v1 = leadership::v1;

// Everything that is wrong with a year that someone is about to keep: what calendar::ValidateAcademicYear finds, dates that do not
// exist, and terms that are not autumn, spring and summer in that order. Paths are `prefix`.terms[1].end_date and so on.
status::FieldViolations ValidateAcademicYear(const v1::AcademicYear& year, const calendar::BankHolidays& bank_holidays,
                                             std::string_view prefix = "academic_year");

// Leaves out records whose date does not exist.
calendar::BankHolidays ToBankHolidays(const std::vector<v1::BankHoliday>& records);

// The calendar of a school out of its live years. Calendar years in which the trust keeps no bank holiday get them by rule.
// DATA_LOSS when a stored year could never have been accepted.
absl::StatusOr<calendar::SchoolCalendar> BuildCalendar(const std::vector<v1::AcademicYear>& years,
                                                       const calendar::BankHolidays& kept);

v1::CalendarDay ToCalendarDay(const calendar::SchoolCalendar& calendar, absl::CivilDay day);

}  // namespace fivestrand::organisation

#endif  // FIVESTRAND_SERVICES_ORGANISATION_DOMAIN_CALENDAR_INPUT_H_
