// What happens in the improvement loop by the clock: a post ends and accountability moves, a planned response begins, readings of a
// snapshot are whole and are judged. Also the rules on demand, and the metrics.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_UPKEEP_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_UPKEEP_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/store.h"
#include "services/leadership/store/loop/loop_reader.h"
#include "services/leadership/store/loop/loop_writer.h"

namespace fivestrand::leadership::store {

// A snapshot is taken to be whole when none of its readings has come for this long.
inline constexpr absl::Duration kSnapshotQuiet = absl::Seconds(60);

// Brings everything up to date in small transactions. Doing so twice changes nothing.
absl::Status KeepUp(const LoopReader& reader, fivestrand::store::Store& store, absl::Time now, absl::Time deadline);

// As the source says; see loop_source.h.
absl::StatusOr<RuleOutcome> RunRules(const LoopReader& reader, fivestrand::store::Store& store, const domain::RuleRun& run,
                                     absl::Time deadline);

// Open concerns, or threads, of a school (empty: of the trust as a whole) in a strand. Those about one person are in no count.
struct LoopCount {
  std::string trust;  // id
  std::string school;
  std::string strand;
  std::int64_t concerns = 0;
  std::int64_t threads = 0;
};
absl::Status CountLoop(const LoopReader& reader, fivestrand::store::Session& session, std::vector<LoopCount>* counts);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_UPKEEP_H_
