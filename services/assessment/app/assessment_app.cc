#include "services/assessment/app/assessment_app.h"

#include "services/assessment/app/assessment_spec.h"

namespace fivestrand::assessment {

absl::Status RegisterAssessment(app::AppBuilder& builder) {
  return service::RegisterRecordService(builder, AssessmentSpec());
}

}  // namespace fivestrand::assessment
