// Measures as a service declares them: one constexpr table, from which the listing, the bands and the readings come.
#ifndef FIVESTRAND_PLATFORM_EVIDENCE_MEASURE_H_
#define FIVESTRAND_PLATFORM_EVIDENCE_MEASURE_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

namespace fivestrand::evidence {

struct MeasureDefinition {
  std::string_view measure;         // `visible-headteacher.drop-in-days`
  std::string_view element;         // `visible-headteacher`
  std::string_view element_number;  // `1.3`
  std::string_view element_title;
  std::string_view title;
  v1::Unit unit = v1::UNIT_UNSPECIFIED;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  double target = 0;
  double amber = 0;
  double red = 0;
  std::string_view formula;
  v1::PeriodKind period_kind = v1::PERIOD_KIND_UNSPECIFIED;
  // Least change that means something, in the unit of the measure; 0: any.
  double delta = 0;
  // Its periods are beats of a commitment, each held or missed.
  bool commitment = false;
  // How long after a response it can first show an effect, in periods of its own kind.
  int lag_periods = 0;
};

v1::Measure ToProto(const MeasureDefinition& definition);

// Null when the table has none of that name.
const MeasureDefinition* FindMeasure(absl::Span<const MeasureDefinition> table, std::string_view measure);

// Checks a whole table, for a service's test or start: every field set, names unique and led by the element, the bands ordered with
// the direction, shares within 0 and 1, distances from zero and delta not negative. The message names the measure.
absl::Status CheckMeasures(absl::Span<const MeasureDefinition> table);

// Worse than `amber` is amber, worse than `red` is red; a value equal to a limit keeps the better band. With ZERO_IS_BETTER the
// limits are distances from zero, to both sides. Unspecified for NaN or a measure without a direction.
v1::Band BandOf(const v1::Measure& measure, double value);
v1::Band BandOf(const MeasureDefinition& measure, double value);

}  // namespace fivestrand::evidence

#endif  // FIVESTRAND_PLATFORM_EVIDENCE_MEASURE_H_
