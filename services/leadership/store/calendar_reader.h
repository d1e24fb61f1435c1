// The calendars of schools; see services/organisation/store/calendar_reader.h.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_CALENDAR_READER_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_CALENDAR_READER_H_

#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::leadership::store {

using organisation::CalendarReader;

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_CALENDAR_READER_H_
