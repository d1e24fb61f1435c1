// Declares concerns and improvement threads, with the rules of those that people make and change.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_RECORDS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_RECORDS_H_

#include <memory>

#include "absl/status/status.h"

namespace fivestrand::organisation {
class CalendarReader;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::leadership::store {

absl::Status DeclareLoop(std::shared_ptr<organisation::CalendarReader> calendars, resource::Registry* registry);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_RECORDS_H_
