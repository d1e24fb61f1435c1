// How many results were expected of each school in a window, and how many were there in time.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_ENTRY_COUNTS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_ENTRY_COUNTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/framework.pb.h"

#include "platform/store/session.h"
#include "services/assessment/domain/frame_names.h"

namespace fivestrand::assessment::store {

struct EntryCount {
  std::int64_t expected = 0;
  std::int64_t on_time = 0;
};

// By resource name of the school. One result is expected for each pupil on roll on the window's last day, in each subject and scale
// that it assesses in the pupil's year group. In time is what was first there by the end of that day; more than expected does not
// count.
absl::Status ReadEntryCounts(fivestrand::store::Session& session, const domain::FrameNames& names,
                             const v1::AssessmentWindow& window, std::map<std::string, EntryCount>* counts);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_ENTRY_COUNTS_H_
