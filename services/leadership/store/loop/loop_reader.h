// Reads what the improvement loop is made of, in a session that is given.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_READER_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/improvement.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "fivestrand/leadership/v1/model.pb.h"

#include "platform/calendar/school_calendar.h"
#include "platform/store/session.h"
#include "services/leadership/domain/loop/accountable.h"
#include "services/leadership/domain/loop/effect.h"
#include "services/leadership/domain/loop/loop_source.h"
#include "services/leadership/domain/loop/series.h"

namespace fivestrand::organisation {
class CalendarReader;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::leadership::store {

// Most responses on a timeline.
inline constexpr int kMaxResponses = 500;

using domain::ConcernEffect;
using domain::PlainEffects;
using domain::RuleOutcome;
using domain::ThreadStory;

// Cheap to make; both outlive it.
class LoopReader {
 public:
  LoopReader(const resource::Registry& registry, organisation::CalendarReader& calendars)
      : registry_(registry), calendars_(calendars) {}

  const resource::Registry& registry() const { return registry_; }

  // The trust's model: as it is now, or as it was at a revision (0: the default). `trust` is `trusts/t`.
  absl::StatusOr<v1::ImprovementModel> Model(fivestrand::store::Session& session, std::string_view trust,
                                             std::optional<std::int64_t> revision = std::nullopt) const;

  // What the measure is held to by the service that computes it; nothing when none has said so.
  absl::StatusOr<std::optional<evidence::v1::Measure>> Measure(fivestrand::store::Session& session, std::string_view trust,
                                                               std::string_view measure) const;

  // The newest final readings of a series, under a model.
  absl::StatusOr<domain::Series> Series(fivestrand::store::Session& session, std::string_view measure, std::string_view scope,
                                        const evidence::v1::Cut& cut, const v1::ImprovementModel& model) const;

  // Of a school; for the trust as a whole (empty school) that of one of its schools. Never null.
  absl::StatusOr<std::shared_ptr<const calendar::SchoolCalendar>> Calendar(fivestrand::store::Session& session,
                                                                           std::string_view trust, std::string_view school) const;

  absl::StatusOr<domain::PostBook> Posts(fivestrand::store::Session& session, std::string_view trust) const;

  // False when there is no such thread.
  absl::StatusOr<bool> Story(fivestrand::store::Session& session, std::string_view thread, ThreadStory* story) const;

  // One for each concern of the story, which it points into. Judged under the model that each concern was raised under.
  absl::StatusOr<std::vector<ConcernEffect>> Effects(fivestrand::store::Session& session, const ThreadStory& story,
                                                     absl::CivilDay today) const;

 private:
  const resource::Registry& registry_;
  organisation::CalendarReader& calendars_;
};

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_READER_H_
