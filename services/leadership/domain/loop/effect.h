// What happened to a measure after it was answered. Pure. It never claims a cause: it says what moved while something was done.
// Before and after are held to one yardstick, that of the day on which the later period closed, so that agreeing on another target
// never looks like a change of the figure.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_EFFECT_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_EFFECT_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/improvement.pb.h"

#include "services/leadership/domain/loop/series.h"

namespace fivestrand::leadership::domain {

struct Effect {
  // Mean of the final readings of up to two periods that ended before the first response began.
  std::optional<double> before;
  // The first final reading whose whole period lies after the response began and the measure's lag.
  std::optional<double> after;
  // TOO_EARLY until there is `after`; unspecified when nothing stands before it and it is not in band, so that nobody can tell.
  v1::Outcome outcome = v1::TOO_EARLY;
  // End of the period of `after`.
  std::optional<absl::CivilDay> impact;

  bool conclusive() const { return after.has_value() && outcome != v1::TOO_EARLY && outcome != v1::OUTCOME_UNSPECIFIED; }
};

// Periods that the measure needs before it can show anything: its own lag; without one two school weeks for what is read by day or
// week, one survey, one assessment window, none otherwise.
int LagPeriods(const evidence::v1::Measure& measure);

// `first_response`: the day on which the first response really began; nothing when none has.
Effect JudgeEffect(const Series& series, std::optional<absl::CivilDay> first_response);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_EFFECT_H_
