// Rules of coaching cycles, sessions and steps.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_COACHING_RULES_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_COACHING_RULES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/cpd/v1/coaching.pb.h"

#include "platform/resource/strategy.h"
#include "platform/resource/write_context.h"
#include "services/cpd/domain/cpd_rows.h"

namespace fivestrand::cpd::domain {

// Two different people, one of them the caller. Once it has ended, only its texts change.
class CoachingCycleStrategy : public resource::StrategyFor<v1::CoachingCycle> {
 public:
  explicit CoachingCycleStrategy(std::shared_ptr<const CpdRows> rows) : rows_(std::move(rows)) {}
  absl::Status Write(resource::WriteContext& context, const v1::CoachingCycle* before, v1::CoachingCycle* after) override;

 private:
  const std::shared_ptr<const CpdRows> rows_;
};

// Of an active cycle. Ahead it is planned, otherwise it was held.
class CoachingSessionStrategy : public resource::StrategyFor<v1::CoachingSession> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::CoachingSession* before, v1::CoachingSession* after) override;
};

// One open step a cycle.
class ActionStepStrategy : public resource::StrategyFor<v1::ActionStep> {
 public:
  explicit ActionStepStrategy(std::shared_ptr<const CpdRows> rows) : rows_(std::move(rows)) {}
  absl::Status Write(resource::WriteContext& context, const v1::ActionStep* before, v1::ActionStep* after) override;

 private:
  const std::shared_ptr<const CpdRows> rows_;
};

// The verbs. FAILED_PRECONDITION when the state, or the day, does not allow it.
absl::Status CompleteCycle(absl::CivilDay end, absl::CivilDay today, v1::CoachingCycle* cycle);
absl::Status CancelCycle(absl::CivilDay today, v1::CoachingCycle* cycle);
absl::Status HoldSession(absl::Time held, absl::Time now, v1::CoachingSession* session);
absl::Status CancelSession(v1::CoachingSession* session);
absl::Status AchieveStep(absl::CivilDay day, absl::CivilDay today, v1::ActionStep* step);
absl::Status DropStep(v1::ActionStep* step);
// PERMISSION_DENIED unless `actor` is the coachee. The coach and the coachee are left out of `people`, and each stands once.
absl::Status ShareStep(std::string_view actor, const std::vector<std::string>& people, v1::ActionStep* step);

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_COACHING_RULES_H_
