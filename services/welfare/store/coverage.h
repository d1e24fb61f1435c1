// Who has had a check-in, and which follow-ups were kept, counted over any span of days.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_COVERAGE_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_COVERAGE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "platform/calendar/day.h"
#include "platform/store/session.h"
#include "services/welfare/store/party_index.h"
#include "services/welfare/store/roster.h"

namespace fivestrand::welfare::store {

// Of so many, so many. `persons`: whom it is about, which decides whether it may be shown.
struct Share {
  int of = 0;
  int done = 0;
  int persons = 0;
};

// By school's resource name; empty: the trust itself.
using Shares = std::map<std::string, Share>;

// Everything of one trust that the measures of staff welfare are made of. Immutable.
class Coverage {
 public:
  // What was held or due on `since` or later, of what is known at `now`.
  static absl::StatusOr<Coverage> Load(fivestrand::store::Session& session, PartyIndex& parties, std::string_view trust,
                                       absl::CivilDay since, absl::Time now);

  // Whether check-ins were kept by then: before the first of the trust, nobody's is missing.
  bool KeptBy(absl::CivilDay day) const { return first_check_in_.has_value() && *first_check_in_ <= day; }
  // Staff in post on the last day, and those of them with a check-in held in the span.
  Shares CheckIns(calendar::DayRange span, bool headteachers_only) const;
  // Follow-ups due in the span and by `until`, the day that is over last, and those done by their day.
  Shares FollowUps(calendar::DayRange span, absl::CivilDay until) const;

 private:
  struct Promise {
    std::string school, party;
    absl::CivilDay due;
    bool kept;
  };
  Roster roster_;
  std::optional<absl::CivilDay> first_check_in_;
  std::vector<std::vector<absl::CivilDay>> check_ins_;  // by the roster's numbers of persons
  std::vector<Promise> promises_;
};

// Coverages of trusts, read once for as long as nothing changes of which they are made: a figure of one school needs those of all,
// for whether it may be shown beside theirs. Thread-safe. An answer after a write holds that write.
class Coverages {
 public:
  // Until a coverage is read again in any case: what was held counts from the time at which it was.
  static constexpr absl::Duration kMaxAge = absl::Minutes(1);

  // `parties` outlives it.
  explicit Coverages(PartyIndex& parties) : parties_(parties) {}

  // As Coverage::Load. `session` is a snapshot.
  absl::StatusOr<std::shared_ptr<const Coverage>> Read(fivestrand::store::Session& session, std::string_view trust,
                                                       absl::CivilDay since, absl::Time now);

 private:
  // Some hundred kilobytes each, for a large trust a megabyte.
  static constexpr std::size_t kMaxKept = 16;
  struct Kept {
    std::string stamp;
    absl::Time now;
    std::shared_ptr<const Coverage> coverage;
  };

  PartyIndex& parties_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);  // by trust and day
};

}  // namespace fivestrand::welfare::store

#endif  // FIVESTRAND_SERVICES_WELFARE_STORE_COVERAGE_H_
