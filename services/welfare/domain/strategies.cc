#include "services/welfare/domain/strategies.h"

#include "fivestrand/welfare/v1/pulse.pb.h"
#include "fivestrand/welfare/v1/welfare.pb.h"

#include "platform/status/macros.h"
#include "services/welfare/domain/pulse_rules.h"

namespace fivestrand::welfare::domain {

absl::Status DeclareRecords(resource::Registry* registry, const Knowledge& knowledge) {
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::CheckIn::descriptor(), NewCheckInStrategy(knowledge)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::WelfareConcern::descriptor(), NewConcernStrategy(knowledge)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Support::descriptor(), NewSupportStrategy(knowledge)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::FollowUp::descriptor(), NewFollowUpStrategy(knowledge)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Notice::descriptor(), NewNoticeStrategy(knowledge)));
  return registry->Declare(v1::PulseSurvey::descriptor(), NewPulseSurveyStrategy());
}

}  // namespace fivestrand::welfare::domain
