// The calendar records as the calendar library takes them; see services/organisation/domain/calendar_input.h.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_CALENDAR_INPUT_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_CALENDAR_INPUT_H_

#include "services/organisation/domain/calendar_input.h"

namespace fivestrand::leadership::domain {

using organisation::BuildCalendar;
using organisation::ToBankHolidays;
using organisation::ToCalendarDay;
using organisation::ValidateAcademicYear;

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_CALENDAR_INPUT_H_
