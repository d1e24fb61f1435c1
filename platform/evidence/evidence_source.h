// What a service implements to be asked about the elements that it owns. Everything around it is the same for every service: the
// bodies of EvidenceService, the journal of closed periods and the gauges ask it, and decide who may see what.
#ifndef FIVESTRAND_PLATFORM_EVIDENCE_EVIDENCE_SOURCE_H_
#define FIVESTRAND_PLATFORM_EVIDENCE_EVIDENCE_SOURCE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/calendar/day.h"
#include "platform/evidence/measure.h"
#include "platform/evidence/reading.h"

namespace fivestrand::identity {
struct Caller;
}

namespace fivestrand::store {
class Session;
}

namespace fivestrand::evidence {

// Which parts of a scope are read by themselves.
enum class Cuts {
  // What a page of a school shows of a measure: the scope as a whole, or the few cuts without which the measure says nothing (the
  // gap
  // of each group).
  kHeadline,
  // All that a rule may raise a concern about: subjects, year groups, groups of pupils, a person's own commitment. A few hundred
  // for a
  // school at most.
  kAll,
};

// What is asked of a source.
struct EvidenceQuestion {
  // `trusts/{trust}` or `trusts/{trust}/schools/{school}`.
  std::string scope;
  // Each running school of the trust by itself, instead of the trust as a whole; `scope` is then a trust.
  bool each_school = false;
  // Of the source's own measures; those that do not cover the scope are left out already.
  std::vector<const MeasureDefinition*> measures;

  // As at the end of `as_of`; as of `now` when that day is still open. Nothing that begins after `now` counts.
  absl::CivilDay as_of;
  bool day_still_open = false;
  absl::Time now;  // also compute_time

  // With a span: the periods of `kind` (unspecified: the measure's own) that touch it, at most kMaxReadings a series, the newest
  // kept. Without: the newest `newest` periods of the measure's own kind that have begun by `as_of`.
  std::optional<calendar::DayRange> span;
  v1::PeriodKind kind = v1::PERIOD_KIND_UNSPECIFIED;
  int newest = kMaxTrend;

  Cuts cuts = Cuts::kHeadline;
  // The caller may see the persons whom small numbers are about. Otherwise such a reading has no value and says TOO_FEW, and so
  // does what would give it back.
  bool show_small = false;
  // Whether Reading.records is wanted. Whether the caller may list them is decided outside, by RecordsPermission.
  bool with_records = false;
};

// Readings of one measure, one scope and one cut, oldest first; each with measure, scope, cut, period, `final`, and either a value
// with its band or the reason why there is none. reading.h makes them.
struct ReadingSeries {
  const MeasureDefinition* measure = nullptr;
  std::string scope;
  std::vector<v1::Reading> readings;
  // The newest reading, when it is not the last of `readings`: NO_CALENDAR on a day that no calendar covers, for example.
  std::optional<v1::Reading> latest;
};

// Thread-safe. What it returns is a function of what the session sees and of the question, so that asking twice gives the same.
class EvidenceSource {
 public:
  virtual ~EvidenceSource() = default;

  // One table for the life of the process, that CheckMeasures accepts.
  virtual absl::Span<const MeasureDefinition> measures() const = 0;

  // Whether a measure says anything about a school (`of_trust` false) or a trust as a whole.
  virtual bool Covers(const MeasureDefinition& measure, bool of_trust) const { return true; }

  // Every trust (`trusts/t`) and its running schools (`trusts/t/schools/s`): whose closed periods are kept in the journal.
  virtual absl::Status ListScopes(store::Session& session, std::vector<std::string>* scopes) const = 0;

  // Adds at least one series for each measure and scope asked about, in the order of the question's measures within a scope.
  // NOT_FOUND for a school that does not exist or is deleted. The session is a snapshot.
  virtual absl::Status Read(store::Session& session, const EvidenceQuestion& question,
                            std::vector<ReadingSeries>* series) const = 0;

  // Whether a caller who may read the figures of a scope sees those of this measure; what is withheld says NOT_YOURS.
  virtual bool MaySeeFigures(const MeasureDefinition& measure, const identity::Caller& caller, absl::Time now) const {
    return true;
  }

  // Permission that lists the records behind a measure, for example leadership.dropIns.list; empty: nobody may list them from here.
  // A caller gets them only when it may list every one of them.
  virtual std::string_view RecordsPermission(const MeasureDefinition& measure) const { return {}; }

  // Permission with which a caller sees figures about few: that to see the persons themselves, of the whole scope. Empty: nobody.
  virtual std::string_view SmallNumbersPermission() const { return {}; }
};

}  // namespace fivestrand::evidence

#endif  // FIVESTRAND_PLATFORM_EVIDENCE_EVIDENCE_SOURCE_H_
