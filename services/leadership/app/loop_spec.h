// What the improvement loop adds to the leadership service: concerns, threads, the feeds that it follows, what is done by the
// clock.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_APP_LOOP_SPEC_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_APP_LOOP_SPEC_H_

#include "platform/service/record_service.h"

namespace fivestrand::leadership {

// Called last on the spec: it goes around its `declare` and `bind`.
void AddLoop(service::RecordServiceSpec* spec);

}  // namespace fivestrand::leadership

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_APP_LOOP_SPEC_H_
