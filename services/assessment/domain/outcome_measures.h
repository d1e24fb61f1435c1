// The measures of the elements 5.1, 5.3 and 5.6.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_OUTCOME_MEASURES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_OUTCOME_MEASURES_H_

#include <cstddef>

#include "absl/types/span.h"

#include "platform/evidence/measure.h"

namespace fivestrand::assessment::domain {

enum class OutcomeMeasure : std::size_t {
  kCombined,    // at the expected standard in all core subjects
  kAtExpected,  // in each subject
  kProgress,    // change of the share since the year's baseline
  kOnTime,      // expected results that were there by the end of the window
  kGap,         // of a group, in share at the expected standard
  kMostAble,    // of the most able, at the higher standard
};

// In the order of the numbers.
absl::Span<const evidence::MeasureDefinition> OutcomeMeasures();

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_OUTCOME_MEASURES_H_
