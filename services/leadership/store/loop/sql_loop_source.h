// domain::LoopSource over the service's store.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_SQL_LOOP_SOURCE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_SQL_LOOP_SOURCE_H_

#include <memory>

#include "services/leadership/domain/loop/loop_source.h"

namespace fivestrand::organisation {
class CalendarReader;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::leadership::store {

// The registry outlives it.
std::shared_ptr<const domain::LoopSource> NewLoopSource(const resource::Registry& registry,
                                                        std::shared_ptr<organisation::CalendarReader> calendars);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_SQL_LOOP_SOURCE_H_
