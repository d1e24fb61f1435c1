// The measures of elements 2.1 (culture) and 2.6 (staff welfare).
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_MEASURES_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_MEASURES_H_

#include "absl/types/span.h"

#include "platform/evidence/measure.h"

namespace fivestrand::welfare::domain {

enum class MeasureId {
  kHeadteacherCheckIns,
  kStaffCheckIns,
  kFollowUpsOnTime,
  kCultureIndex,
  kBelongingIndex,
  kWorkloadIndex,
  kCultureSpread,
  kResponseRate,
};

// A figure about fewer members of staff is about persons.
inline constexpr int kLeastStaff = 5;

// In the order of MeasureId.
absl::Span<const evidence::MeasureDefinition> Measures();
MeasureId IdOf(const evidence::MeasureDefinition& measure);
bool IsWelfare(MeasureId id);
// Of a school it would be about one person.
bool IsTrustOnly(MeasureId id);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_MEASURES_H_
