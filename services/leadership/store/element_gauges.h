// The measures of every school and trust as they stand, for the metric fivestrand_element_measure.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_ELEMENT_GAUGES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_ELEMENT_GAUGES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/service/record_service.h"
#include "platform/store/session.h"
#include "services/leadership/store/calendar_reader.h"

namespace fivestrand::leadership::store {

// Adds, for each trust of the store, the values of each running school and, with an empty school, of the trust: the newest reading
// of the last few periods that has a value. What has none adds nothing.
absl::Status ReadElementGauges(fivestrand::store::Session& session, CalendarReader& calendars, absl::Time now,
                               std::vector<service::ElementGauge>* gauges);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_ELEMENT_GAUGES_H_
