// What makes a record service the assessment service.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_SPEC_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_SPEC_H_

#include <memory>

#include "platform/service/record_service.h"

namespace fivestrand::assessment {

namespace store {
class SharedFrames;
}

// `frames` is for whoever wants to look at the copy of the results in memory, such as a test; null: nobody does.
service::RecordServiceSpec AssessmentSpec(std::shared_ptr<store::SharedFrames> frames = nullptr);

}  // namespace fivestrand::assessment

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_SPEC_H_
