// The SQL behind a leader's day and the coverage of classes, in a session that is given.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_DAY_ROWS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_DAY_ROWS_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "platform/store/session.h"
#include "services/leadership/domain/day_facts.h"
#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::leadership::store {

absl::Status ReadDayFacts(fivestrand::store::Session& session, organisation::CalendarReader& calendars, std::string_view school,
                          std::string_view caller, absl::CivilDay day, domain::DayFacts* facts);

absl::Status ReadCoverageFacts(fivestrand::store::Session& session, organisation::CalendarReader& calendars,
                               std::string_view school, std::optional<calendar::DayRange> span, absl::CivilDay today,
                               domain::CoverageFacts* facts);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_DAY_ROWS_H_
