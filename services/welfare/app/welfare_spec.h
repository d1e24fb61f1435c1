// What the welfare service is made of.
#ifndef FIVESTRAND_SERVICES_WELFARE_APP_WELFARE_SPEC_H_
#define FIVESTRAND_SERVICES_WELFARE_APP_WELFARE_SPEC_H_

#include "platform/service/record_service.h"

namespace fivestrand::welfare {

service::RecordServiceSpec WelfareSpec();

}  // namespace fivestrand::welfare

#endif  // FIVESTRAND_SERVICES_WELFARE_APP_WELFARE_SPEC_H_
