// Where the improvement loop is read from; implemented by the store.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_LOOP_SOURCE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_LOOP_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/leadership/v1/improvement.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "fivestrand/leadership/v1/model.pb.h"

#include "platform/calendar/school_calendar.h"
#include "services/leadership/domain/loop/accountable.h"
#include "services/leadership/domain/loop/effect.h"
#include "services/leadership/domain/loop/series.h"

namespace fivestrand::store {
class Session;
}

namespace fivestrand::leadership::domain {

// Most concerns that a thread gathers.
inline constexpr int kMaxThreadConcerns = 200;

// Everything about a thread.
struct ThreadStory {
  v1::ImprovementThread thread;
  // In the order in which they were raised.
  std::vector<v1::Concern> concerns;
  // By start; planned ones last.
  std::vector<v1::ThreadResponse> responses;
  // Persons who have answered it, confidential answers apart.
  std::vector<std::string> contributors;
};

// A concern of a thread with the series of its measure and what came of it. A concern without a measure, or whose measure nobody
// computes any more, has a series without readings, and is too early for ever.
struct ConcernEffect {
  const v1::Concern* concern = nullptr;
  Series series;
  Effect effect;
};

// The effects alone, as the rules of a thread take them.
std::vector<Effect> PlainEffects(const std::vector<ConcernEffect>& effects);

// What a run of the rules did.
struct RuleOutcome {
  int raised = 0;
  int joined = 0;
  int resolved = 0;

  void Add(const RuleOutcome& other) {
    raised += other.raised;
    joined += other.joined;
    resolved += other.resolved;
  }
};

// Over what the rules run.
struct RuleRun {
  std::string trust;  // trusts/t
  // One series; all that have something recent or a concern that is open when `measure` is empty.
  std::string measure, scope;
  evidence::v1::Cut cut;
  // With a series: as they would have run in the morning of this day.
  std::optional<absl::CivilDay> as_of;
};

// Thread-safe. Reads in a session that is given, a write transaction too. `trust` is `trusts/t`.
class LoopSource {
 public:
  virtual ~LoopSource() = default;

  // As it is now.
  virtual absl::StatusOr<v1::ImprovementModel> CurrentModel(fivestrand::store::Session& session, std::string_view trust) const = 0;
  // Of a school; for the trust as a whole (empty school) that of one of its schools. Never null.
  virtual absl::StatusOr<std::shared_ptr<const calendar::SchoolCalendar>> Calendar(fivestrand::store::Session& session,
                                                                                   std::string_view trust,
                                                                                   std::string_view school) const = 0;
  virtual absl::StatusOr<PostBook> Posts(fivestrand::store::Session& session, std::string_view trust) const = 0;

  // False when there is no such thread.
  virtual absl::StatusOr<bool> Story(fivestrand::store::Session& session, std::string_view thread, ThreadStory* story) const = 0;
  // One for each concern of the story, which it points into. Judged under the model that each concern was raised under.
  virtual absl::StatusOr<std::vector<ConcernEffect>> Effects(fivestrand::store::Session& session, const ThreadStory& story,
                                                             absl::CivilDay today) const = 0;

  // Concerns that were raised since or are open, newest first; of one school unless that is empty.
  virtual absl::Status ReadConcerns(fivestrand::store::Session& session, std::string_view trust, std::string_view school,
                                    absl::Time since, int limit, std::vector<v1::Concern>* concerns) const = 0;
  // Newest first.
  virtual absl::Status ReadThreads(fivestrand::store::Session& session, std::string_view trust, int limit,
                                   std::vector<v1::ImprovementThread>* threads) const = 0;
  // Whether a concern of that key is open.
  virtual absl::StatusOr<bool> KeyIsOpen(fivestrand::store::Session& session, std::string_view trust,
                                         std::string_view key) const = 0;

  // Waits for the store.
  virtual absl::StatusOr<RuleOutcome> RunRules(const RuleRun& run, absl::Time deadline) const = 0;
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_LOOP_SOURCE_H_
