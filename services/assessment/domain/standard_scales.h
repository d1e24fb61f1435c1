// The scales of the statutory assessments in England, and a usual one for a trust's own windows: what a trust begins with. A
// threshold that is announced each year is not in them.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_STANDARD_SCALES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_STANDARD_SCALES_H_

#include <string>
#include <vector>

#include "fivestrand/assessment/v1/framework.pb.h"

namespace fivestrand::assessment::domain {

struct StandardScale {
  // Id for a trust that has none of that name.
  std::string id;
  v1::Scale scale;
};

// Early learning goals, phonics check, multiplication tables check, key stage 1, key stage 2 tests, writing and science, GCSE
// grades, and an age-related scale.
std::vector<StandardScale> StandardScales();

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_STANDARD_SCALES_H_
