#include "services/leadership/domain/loop/effect.h"

#include <cstddef>

#include "platform/evidence/measure.h"

namespace fivestrand::leadership::domain {
namespace {

using evidence::v1::GREEN;

constexpr int kBeforePeriods = 2;
// Figures are shares and means: what differs in the last bits does not differ.
constexpr double kNothing = 1e-9;

std::optional<double> MeanBefore(const Series& series, absl::CivilDay response) {
  double sum = 0;
  int count = 0;
  for (std::size_t i = series.readings.size(); i-- > 0 && count < kBeforePeriods;) {
    const evidence::v1::Reading& reading = series.readings[i];
    if (EndOf(reading) >= response || SaysNothing(reading)) continue;
    if (!reading.has_value()) break;
    sum += reading.value();
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional<double>(sum / count);
}

v1::Outcome Compare(const evidence::v1::Measure& measure, std::optional<double> before, double after) {
  const bool in_band = evidence::BandOf(measure, after) == GREEN;
  if (!before) return in_band ? v1::IMPROVED : v1::OUTCOME_UNSPECIFIED;
  if (in_band && evidence::BandOf(measure, *before) != GREEN) return v1::IMPROVED;
  const double nearer = Distance(measure, *before) - Distance(measure, after);
  const double least = measure.delta() > 0 ? measure.delta() - kNothing : kNothing;
  if (nearer >= least) return v1::IMPROVED;
  if (-nearer >= least) return v1::WORSE;
  return v1::UNCHANGED;
}

}  // namespace

int LagPeriods(const evidence::v1::Measure& measure) {
  if (measure.lag_periods() > 0) return measure.lag_periods();
  switch (measure.period_kind()) {
    case evidence::v1::DAY:
      return 10;
    case evidence::v1::WEEK:
      return 2;
    case evidence::v1::FORTNIGHT:
    case evidence::v1::SURVEY:
    case evidence::v1::ASSESSMENT_WINDOW:
      return 1;
    default:
      return 0;
  }
}

Effect JudgeEffect(const Series& series, std::optional<absl::CivilDay> first_response) {
  Effect effect;
  if (!first_response) return effect;
  effect.before = MeanBefore(series, *first_response);
  int lag = LagPeriods(series.measure);
  for (const evidence::v1::Reading& reading : series.readings) {
    if (StartOf(reading) <= *first_response) continue;
    if (lag > 0) {
      --lag;
      continue;
    }
    if (!reading.has_value()) continue;
    effect.after = reading.value();
    effect.impact = EndOf(reading);
    effect.outcome = Compare(MeasureAt(series, reading), effect.before, *effect.after);
    break;
  }
  return effect;
}

}  // namespace fivestrand::leadership::domain
