// A window in which each pupil has one result: whether they are at the standard in all of some subjects.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_COMBINED_WINDOW_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_COMBINED_WINDOW_H_

#include <cstdint>
#include <memory>

#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::domain {

// A pupil counts who counts in any of the subjects, and reaches a standard that is reached in every subject in which anybody of the
// year group counts. The subject and scale of the result are 0; school, groups and band are those of the pupil's first result.
std::shared_ptr<const FrameWindow> CombinedWindow(const FrameWindow& window, const NumberSet& subjects);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_COMBINED_WINDOW_H_
