// The figure of one measure, one school and one period.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_SCHOOL_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_SCHOOL_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/calendar/day.h"
#include "platform/calendar/period.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_facts.h"

namespace fivestrand::leadership::domain {

// The end of `day`, or now when that is today.
struct AsOf {
  absl::CivilDay day;
  bool still_open = false;
};

struct Figure {
  // Why there is none; the rest is then 0.
  evidence::v1::NoValueReason none = evidence::v1::NO_VALUE_REASON_UNSPECIFIED;
  // A count or a number of days has the denominator 1.
  double numerator = 0;
  double denominator = 0;

  bool exists() const { return none == evidence::v1::NO_VALUE_REASON_UNSPECIFIED; }
};

// Sorts the facts once and then answers for any period. The facts must outlive it.
class SchoolFigures {
 public:
  explicit SchoolFigures(const SchoolFacts& facts);

  // Looks no further than `as_of`. NOTHING_CONCLUDED also when the school or, for what its headteacher does, the post was active on
  // fewer than half of the period's school days.
  Figure Of(MeasureId id, const calendar::Period& period, const AsOf& as_of) const;

  const SchoolFacts& facts() const { return facts_; }

 private:
  using Days = std::vector<absl::CivilDay>;

  bool HoldsPost(Key person, absl::CivilDay day) const;
  bool ActiveInHalfOf(const calendar::Period& period, const std::vector<calendar::DayRange>& active) const;
  Figure DailyShare(const Days& kept, const calendar::Period& period, const AsOf& as_of) const;
  Figure DaysSinceVisit(const calendar::Period& period, const AsOf& as_of) const;
  Figure ClassCoverage(const calendar::Period& period, const AsOf& as_of) const;

  const SchoolFacts& facts_;
  std::vector<calendar::DayRange> open_;  // one
  // When the post was held by anybody while the school was open; in order, apart.
  std::vector<calendar::DayRange> post_;
  // Days in order, each once for the headteacher's commitments.
  Days drop_in_days_, break_days_, gate_days_;
  // Days in order, as often as there is a record.
  Days lessons_, visits_;
  std::vector<DropInFact> drop_ins_;  // by day
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_SCHOOL_H_
