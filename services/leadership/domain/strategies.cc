#include "services/leadership/domain/strategies.h"

#include <memory>

#include "platform/status/macros.h"
#include "services/leadership/domain/model/model_rules.h"
#include "services/leadership/domain/organisation_rules.h"
#include "services/leadership/domain/visibility_rules.h"

namespace fivestrand::leadership::domain {

absl::Status DeclareRecords(resource::Registry* registry) {
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Trust::descriptor(), std::make_unique<TrustStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::School::descriptor(), std::make_unique<SchoolStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Person::descriptor(), std::make_unique<PersonStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Post::descriptor(), std::make_unique<PostStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::LineManagement::descriptor(), std::make_unique<LineManagementStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::RoleGrant::descriptor(), std::make_unique<RoleGrantStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Subject::descriptor(), nullptr));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::TeachingFocus::descriptor(), nullptr));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::SchoolClass::descriptor(), nullptr));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::AcademicYear::descriptor(), std::make_unique<AcademicYearStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::BankHoliday::descriptor(), std::make_unique<BankHolidayStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Visit::descriptor(), std::make_unique<VisitStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::DropIn::descriptor(), std::make_unique<DropInStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Duty::descriptor(), std::make_unique<DutyStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::ModelledLesson::descriptor(), std::make_unique<ModelledLessonStrategy>()));
  return registry->Declare(v1::ImprovementModel::descriptor(), std::make_unique<ModelStrategy>());
}

}  // namespace fivestrand::leadership::domain
