// The cpd service as a spec: what it keeps, serves, follows and measures.
#ifndef FIVESTRAND_SERVICES_CPD_APP_CPD_SPEC_H_
#define FIVESTRAND_SERVICES_CPD_APP_CPD_SPEC_H_

#include "platform/service/record_service.h"

namespace fivestrand::cpd {

service::RecordServiceSpec CpdSpec();

}  // namespace fivestrand::cpd

#endif  // FIVESTRAND_SERVICES_CPD_APP_CPD_SPEC_H_
