// The improvement model that stands until a trust has written its own: five strands and forty elements.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_DEFAULT_MODEL_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_DEFAULT_MODEL_H_

#include <string>
#include <string_view>

#include "fivestrand/leadership/v1/model.pb.h"

namespace fivestrand::leadership::domain {

// Without a name; strands and elements in the order of the page.
const v1::ImprovementModel& DefaultModel();

// Resource name of a trust's model: `{trust}/improvementModels/improvement`, for a trust given as `trusts/t`.
inline constexpr std::string_view kModelId = "improvement";
std::string ModelName(std::string_view trust);

// The default as a trust that has written none is shown it: named, revision 0, with an etag that its first change can name.
v1::ImprovementModel DefaultModelOf(std::string_view trust);

// Null when there is none of that id.
const v1::ModelElement* FindElement(const v1::ImprovementModel& model, std::string_view element);
// Id of the strand that holds the element; empty when none does.
std::string_view StrandOf(const v1::ImprovementModel& model, std::string_view element);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_DEFAULT_MODEL_H_
