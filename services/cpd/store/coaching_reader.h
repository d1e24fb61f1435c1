// Coaching with its sealed texts, for those who may read them.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_COACHING_READER_H_
#define FIVESTRAND_SERVICES_CPD_STORE_COACHING_READER_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/cpd/v1/coaching_service.pb.h"

#include "platform/calendar/day.h"
#include "platform/resource/registry.h"

namespace fivestrand::cpd::store {

inline constexpr int kMaxOfRoom = 100;
inline constexpr int kMaxShared = 100;

// Fills the room of a cycle. PERMISSION_DENIED when `reader` is neither of its two people, and just so when there is no such cycle.
// `method` is what the error names.
absl::Status ReadRoom(const resource::Registry& registry, std::string_view cycle, std::string_view reader, std::string_view method,
                      absl::Time deadline, v1::CoachingRoom* room);

// The steps that are shared with `reader`, newest first.
absl::Status ReadSharedSteps(const resource::Registry& registry, std::string_view trust, std::string_view reader,
                             absl::Time deadline, v1::ListSharedStepsResponse* response);

// Counts over `scope`, a trust or a school: without reading a text or naming anybody.
absl::Status ReadCounts(const resource::Registry& registry, std::string_view scope, calendar::DayRange span, absl::Time deadline,
                        v1::CoachingCounts* counts);

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_COACHING_READER_H_
