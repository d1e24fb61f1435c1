// What makes a record service the assessment service.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_SPEC_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_SPEC_H_

#include "platform/service/record_service.h"

namespace fivestrand::assessment {

service::RecordServiceSpec AssessmentSpec();

}  // namespace fivestrand::assessment

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_SPEC_H_
