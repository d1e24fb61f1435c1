// The assessment service as a part of a program: its own, or the suite.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_APP_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_APP_H_

#include "absl/status/status.h"

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand::assessment {

absl::Status RegisterAssessment(app::AppBuilder& builder);

}  // namespace fivestrand::assessment

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_APP_ASSESSMENT_APP_H_
