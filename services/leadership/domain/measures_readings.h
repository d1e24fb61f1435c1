// Readings of a school or of the trust: which periods, what value, which band, with what trend.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_READINGS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_READINGS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/calendar/day.h"
#include "platform/calendar/period.h"
#include "platform/evidence/reading.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_facts.h"
#include "services/leadership/domain/measures_school.h"

namespace fivestrand::leadership::domain {

// What is asked of the facts.
struct ReadingQuestion {
  // The trust, or the one school of the facts.
  std::string scope;
  AsOf as_of;
  absl::Time compute_time;
};

// Not thread-safe; lives for one call. The facts must outlive it.
class MeasureReadings {
 public:
  MeasureReadings(const TrustFacts& facts, ReadingQuestion question);

  // The newest periods of the measure's own kind that begin on or after `since`, at most evidence::kMaxTrend. `latest` says
  // NO_CALENDAR when no calendar covers the day that is asked about, even when there are readings before it.
  evidence::v1::MeasureSummary Summary(MeasureId id, absl::CivilDay since);

  // Readings of the periods that touch the span, oldest first, at most evidence::kMaxReadings, the newest kept. `kind` unspecified
  // is the measure's own. One reading that says NO_CALENDAR when no calendar is kept for any day of the span.
  std::vector<evidence::v1::Reading> List(MeasureId id, evidence::v1::PeriodKind kind, calendar::DayRange span);

  // Whether the measure says anything about the scope.
  bool Covers(MeasureId id) const { return of_trust_ || !IsTrustOnly(id); }

 private:
  // A period of the scope with the period of each school in it; null for a school that has none.
  struct ScopePeriod {
    calendar::Period period;
    std::vector<const calendar::Period*> of_school;
  };
  struct SchoolPeriods {
    std::vector<std::vector<calendar::Period>> periods;  // of each school, oldest first
    std::vector<ScopePeriod> scope;                      // oldest first
  };

  SchoolPeriods Lay(evidence::v1::PeriodKind kind, calendar::DayRange span, bool begin_inside, int limit) const;
  void LayScope(SchoolPeriods& all) const;
  bool PlansAny(calendar::DayRange range) const;

  evidence::ReadingContext ContextOf(MeasureId id) const;
  evidence::v1::Reading Read(MeasureId id, const ScopePeriod& period) const;
  evidence::v1::Reading ReadAsOf(MeasureId id) const;
  evidence::v1::Reading FromFigure(MeasureId id, const calendar::Period& period, const Figure& figure) const;
  Figure OfTrust(MeasureId id, const ScopePeriod& period) const;

  const TrustFacts& facts_;
  const ReadingQuestion question_;
  const bool of_trust_;
  std::vector<SchoolFigures> figures_;
  // Of the trends: the measures of one summary share them.
  std::map<evidence::v1::PeriodKind, SchoolPeriods> trend_periods_;
};

// How far back records are needed for periods that touch a span beginning on `first`.
absl::CivilDay FactsFrom(absl::CivilDay first);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_READINGS_H_
