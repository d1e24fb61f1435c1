#include "services/cpd/domain/strategies.h"

#include "platform/status/macros.h"
#include "services/cpd/domain/coaching_rules.h"
#include "services/cpd/domain/learning_rules.h"

namespace fivestrand::cpd::domain {

absl::Status DeclareRecords(std::shared_ptr<const CpdRows> rows, resource::Registry* registry) {
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::CoachingCycle::descriptor(), std::make_unique<CoachingCycleStrategy>(rows)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::CoachingSession::descriptor(), std::make_unique<CoachingSessionStrategy>()));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::ActionStep::descriptor(), std::make_unique<ActionStepStrategy>(rows)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Course::descriptor(), nullptr));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::CpdEvent::descriptor(), std::make_unique<CpdEventStrategy>(rows)));
  FIVESTRAND_RETURN_IF_ERROR(registry->Declare(v1::Booking::descriptor(), std::make_unique<BookingStrategy>(rows)));
  return registry->Declare(v1::Evaluation::descriptor(), std::make_unique<EvaluationStrategy>());
}

}  // namespace fivestrand::cpd::domain
