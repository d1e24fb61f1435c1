// What is measured of elements 1.2 (leaders in schools) and 1.3 (visible headteacher), with formulas, targets and bands as the
// model has them by default.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_H_

#include <optional>
#include <string_view>

#include "absl/types/span.h"

#include "platform/evidence/measure.h"

namespace fivestrand::leadership::domain {

// In the order of Measures().
enum class MeasureId {
  kDaysSinceVisit,
  kVisits,
  kSchoolsSeen,
  kDropInDays,
  kBreakDutyDays,
  kGateDays,
  kModelledLessons,
  kClassCoverage,
};

absl::Span<const evidence::MeasureDefinition> Measures();
const evidence::MeasureDefinition& DefinitionOf(MeasureId id);
// Nothing when there is no measure of that name.
std::optional<MeasureId> FindMeasureId(std::string_view measure);

// Whether it says something about one school, or only about the trust.
bool IsTrustOnly(MeasureId id);
// Whether its newest reading is as of the day that is asked about, in holidays too, instead of the newest period's.
bool IsRolling(MeasureId id);

// Tables that a set of measures needs.
struct Needs {
  bool visits = false;
  bool drop_ins = false;
  bool duties = false;
  bool modelled_lessons = false;
  bool classes = false;
  bool posts = false;
};
void AddNeeds(MeasureId id, Needs& needs);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_H_
