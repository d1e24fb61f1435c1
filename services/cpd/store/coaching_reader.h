// Coaching with its sealed texts, out of the store.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_COACHING_READER_H_
#define FIVESTRAND_SERVICES_CPD_STORE_COACHING_READER_H_

#include <optional>
#include <string_view>

#include "platform/events/read_trail.h"
#include "services/cpd/domain/cpd_reads.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::cpd::store {

class SqlCoachingReads : public domain::CoachingReads {
 public:
  // `registry` outlives it.
  explicit SqlCoachingReads(const resource::Registry& registry) : registry_(registry) {}

  absl::Status ReadRoom(std::string_view cycle, std::string_view reader, std::string_view method, absl::Time deadline,
                        v1::CoachingRoom* room) const override;
  absl::Status ReadSharedSteps(std::string_view trust, std::string_view reader, absl::Time deadline,
                               v1::ListSharedStepsResponse* response) const override;
  absl::Status ReadCounts(std::string_view scope, calendar::DayRange span, absl::Time deadline,
                          v1::CoachingCounts* counts) const override;

 private:
  const resource::Registry& registry_;
};

// A cycle, session or step, deleted or not, to its two people. Whoever read the room of a cycle read its sessions and steps.
absl::StatusOr<std::optional<events::ReadTrail>> CoachingTrail(const resource::Registry& registry,
                                                               fivestrand::store::Session& session, std::string_view name,
                                                               std::string_view person);

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_COACHING_READER_H_
