// Counting in the school days of a school that may keep no calendar.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_SCHOOL_DAYS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_SCHOOL_DAYS_H_

#include "absl/time/civil_time.h"

#include "platform/calendar/school_calendar.h"

namespace fivestrand::leadership::domain {

// A half term, where it is counted rather than looked up.
inline constexpr int kHalfTermSchoolDays = 30;
// After these without acknowledgement the line above may ask.
inline constexpr int kOverdueSchoolDays = 10;

// School days after `from`, up to and including `to`; 0 when `to` is not later. Days that the calendar (null: none is kept) does
// not plan count when they are Monday to Friday: a wait must not look shorter because nobody laid out the year.
int SchoolDays(const calendar::SchoolCalendar* calendar, absl::CivilDay from, absl::CivilDay to);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_SCHOOL_DAYS_H_
