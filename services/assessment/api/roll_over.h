// Pupils change school and year on the day on which an enrolment begins or ends, though nobody writes anything then.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_ROLL_OVER_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_ROLL_OVER_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "services/assessment/domain/sources.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::api {

// Thread-safe.
class RollOver {
 public:
  // Brings every pupil up to the day, in several transactions; does nothing once that is done for the day. Within a day those who
  // write enrolments keep pupils up to date.
  absl::Status Run(const resource::Registry& registry, const domain::RecordSource& source, absl::Time now, absl::Time deadline);

 private:
  absl::Mutex mutex_;
  absl::CivilDay done_ ABSL_GUARDED_BY(mutex_) = absl::CivilDay(1970, 1, 1);
};

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_ROLL_OVER_H_
