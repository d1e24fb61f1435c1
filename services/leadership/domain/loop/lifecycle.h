// The life of a concern: raised, joined, resolved by itself, ended, and when its key may fire again. Pure.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_LIFECYCLE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_LIFECYCLE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "fivestrand/leadership/v1/improvement.pb.h"

#include "platform/calendar/school_calendar.h"
#include "services/leadership/domain/loop/series.h"

namespace fivestrand::leadership::domain {

// A signal this old raises nothing any more: a service that is followed for the first time brings readings of a year.
inline constexpr int kOldSignalDays = 70;
// Most readings that a concern keeps; the first two, for which it was raised, and the newest stay.
inline constexpr int kMaxEvidence = 40;

inline bool IsOpen(const v1::Concern& concern) {
  return !concern.open_key().empty();
}
// Open, and nobody has answered it yet.
inline bool IsUnanswered(const v1::Concern& concern) {
  return concern.state() == v1::Concern::RAISED || concern.state() == v1::Concern::ACKNOWLEDGED;
}

// What the newest reading of a series means for one rule.
struct Verdict {
  enum Kind { kNothing, kRaise, kJoin, kResolve };
  Kind kind = kNothing;
  // Of kRaise: indexes of the readings that fired.
  std::vector<std::size_t> fired;
};

// `newest`: the newest concern of the key, open or ended; null when there never was one. `today` is the day on which it is judged.
// With the same readings and the concern that the verdict led to, the next verdict is kNothing: running the rules twice changes
// nothing.
Verdict Judge(v1::Rule rule, const Series& series, const v1::Concern* newest, const calendar::SchoolCalendar* calendar,
              absl::CivilDay today);

// Takes up what the series holds beyond the concern's evidence: readings of later periods, and later figures of periods that are in
// it. False when there is nothing.
bool JoinReadings(const Series& series, v1::Concern* concern);

// What people call the subject and the class of a cut; empty: the words of the id are used.
struct CutNames {
  std::string subject, school_class;
};

// A new concern of the series: everything but name, accountable and model_revision.
v1::Concern RaiseConcern(v1::Rule rule, const Series& series, const std::vector<std::size_t>& fired, std::string_view trust,
                         absl::Time now, const CutNames& called = {});

// `Gap, disadvantaged pupils, Writing, Year 5: widened twice, now -14 points`. Holds no person's name.
std::string Headline(v1::Rule rule, const Series& series, const CutNames& called = {});

// Changes of state. FAILED_PRECONDITION when the state does not allow it, INVALID_ARGUMENT for what is missing.
absl::Status Acknowledge(absl::Time now, v1::Concern* concern);
absl::Status Dismiss(std::string_view reason, absl::Time now, v1::Concern* concern);
absl::Status HandOn(std::string_view person, v1::Concern* concern);
absl::Status EnterThread(std::string_view thread, v1::Concern* concern);
void Resolve(absl::Time now, v1::Concern* concern);
// With the thread that answers it: ended when that is closed, open again when it is reopened. `free`: no other concern has taken
// the key since.
void EndWithThread(absl::Time now, v1::Concern* concern);
void ReopenWithThread(bool free, v1::Concern* concern);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_LIFECYCLE_H_
