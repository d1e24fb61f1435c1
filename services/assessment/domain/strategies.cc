#include "services/assessment/domain/strategies.h"

#include "fivestrand/assessment/v1/import_mapping.pb.h"

#include "platform/status/macros.h"
#include "services/assessment/domain/framework_rules.h"
#include "services/assessment/domain/mapping_rules.h"
#include "services/assessment/domain/pupil_rules.h"

namespace fivestrand::assessment::domain {

absl::Status DeclareRecords(std::shared_ptr<const RecordSource> source, resource::Registry* registry) {
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Pupil::descriptor(), std::make_unique<PupilStrategy>(source)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Enrolment::descriptor(), std::make_unique<EnrolmentStrategy>(source)));
  FIVESTRAND_RETURN_IF_ERROR(
      registry->Declare(v1::ClassMembership::descriptor(), std::make_unique<ClassMembershipStrategy>(source)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::GroupMembership::descriptor(), std::make_unique<GroupMembershipStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Scale::descriptor(), std::make_unique<ScaleStrategy>(source)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Framework::descriptor(), std::make_unique<FrameworkStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(
      registry->Declare(v1::AssessmentWindow::descriptor(), std::make_unique<AssessmentWindowStrategy>(source)));
  return registry->Declare(v1::ColumnMapping::descriptor(), std::make_unique<ColumnMappingStrategy>());
}

}  // namespace fivestrand::assessment::domain
