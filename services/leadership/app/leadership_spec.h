// What makes a record service the leadership service.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_SPEC_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_SPEC_H_

#include "platform/service/record_service.h"

namespace fivestrand::leadership {

service::RecordServiceSpec LeadershipSpec();

}  // namespace fivestrand::leadership

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_SPEC_H_
