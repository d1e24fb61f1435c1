// What single schools are held to for a time, instead of the trust's target. Pure.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_AGREED_TARGETS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_AGREED_TARGETS_H_

#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/model.pb.h"

#include "platform/calendar/day.h"
#include "platform/evidence/measure.h"
#include "platform/status/status.h"

namespace fivestrand::leadership::domain {

// First to last day, both included.
calendar::DayRange DaysOf(const v1::AgreedTarget& agreed);

// Null when the school (a resource name) is held to the trust's own target on that day.
const v1::AgreedTarget* AgreedOn(const v1::ImprovementModel& model, std::string_view school, std::string_view measure,
                                 absl::CivilDay day);

// Whether the school has one for the measure on any day.
bool HasAgreed(const v1::ImprovementModel& model, std::string_view school, std::string_view measure);

// Puts target, limits and term over those of the trust, which `measure` holds. A limit that the agreement leaves open moves by as
// much as the target does.
void ApplyAgreed(const v1::AgreedTarget& agreed, evidence::v1::Measure* measure);

// The day whose target judges a reading: the last of its period, or `today` while that is still ahead or none is known.
absl::CivilDay JudgedOn(const evidence::v1::Reading& reading, absl::CivilDay today);

// Adds everything that is wrong with the agreed targets of a model: what is missing, a measure that no element has, limits out of
// order, an end before the start, and one that overlaps another of the same school and measure. `known` as for CheckModel; `prefix`
// is empty or ends with a dot. That the schools exist is checked with the other references of the record.
void CheckAgreedTargets(const v1::ImprovementModel& model, absl::Span<const evidence::MeasureDefinition> known,
                        std::string_view prefix, status::FieldViolations* wrong);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_AGREED_TARGETS_H_
