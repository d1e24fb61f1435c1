// An event as an iCalendar file (RFC 5545).
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_EVENT_CALENDAR_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_EVENT_CALENDAR_H_

#include <string>
#include <string_view>

#include "fivestrand/cpd/v1/learning.pb.h"

namespace fivestrand::cpd::domain {

// One VEVENT a date. Its UID is made of the names of event and date and never changes; SEQUENCE goes up with each change that a
// calendar has to know of; a cancelled event says so. Times are UTC. Lines end in CR LF and are folded at 75 octets, never within a
// character. Holds no person.
std::string EventCalendarText(const v1::CpdEvent& event);

// Letters, digits and hyphens of the title, `.ics`.
std::string EventCalendarFileName(const v1::CpdEvent& event);

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_EVENT_CALENDAR_H_
