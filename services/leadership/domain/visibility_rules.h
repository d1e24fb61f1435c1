// Rules of visits, drop-ins, duties and modelled lessons.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_VISIBILITY_RULES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_VISIBILITY_RULES_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "fivestrand/leadership/v1/visibility.pb.h"

#include "platform/resource/strategy.h"
#include "platform/resource/write_context.h"

namespace fivestrand::leadership::domain {

// A record can lie this far ahead of the server's clock, since phones' clocks differ.
inline constexpr absl::Duration kClockDifference = absl::Minutes(10);
// Nobody remembers a drop-in of longer ago, and nobody plans a visit further ahead.
inline constexpr absl::Duration kFurthest = absl::Hours(24 * 800);

// Who writes is the leader. A visit ahead is planned, one that has begun is made.
class VisitStrategy : public resource::StrategyFor<v1::Visit> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::Visit* before, v1::Visit* after) override;
};

// The class is of the school; subject, teacher and year group come from it where it leaves no choice.
class DropInStrategy : public resource::StrategyFor<v1::DropIn> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::DropIn* before, v1::DropIn* after) override;
};

class DutyStrategy : public resource::StrategyFor<v1::Duty> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::Duty* before, v1::Duty* after) override;
};

class ModelledLessonStrategy : public resource::StrategyFor<v1::ModelledLesson> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::ModelledLesson* before, v1::ModelledLesson* after) override;
};

// The verbs of a visit. FAILED_PRECONDITION when its state or start does not allow it.
absl::Status Complete(absl::Time end_time, absl::Time now, v1::Visit* visit);
absl::Status Cancel(v1::Visit* visit);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_VISIBILITY_RULES_H_
