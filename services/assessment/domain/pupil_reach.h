// How far a caller's grants reach among pupils and their results.
//
// Pupils have names at trust level, while most grants are for schools, classes, subjects or years; the access table lets such a
// caller in (Reach::kRowSchool and kOwn), and what is decided here is which rows it is about.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_PUPIL_REACH_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_PUPIL_REACH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/identity/access.h"

namespace fivestrand::assessment::domain {

// A pupil as a decision sees it. Ids, not names.
struct ReachFacts {
  std::string school;
  std::int32_t year_group = 0;
  // Classes that the pupil is in now.
  std::vector<std::string> classes;
  // Whether the caller teaches one of them.
  bool taught = false;
};

// Whether the pupil's own record is within reach. Whoever leads a subject may open the pupils who learn it.
bool ReachesPupil(const identity::Access& access, const ReachFacts& pupil);

// Whether the pupil's results in the subject are.
bool ReachesResult(const identity::Access& access, const ReachFacts& pupil, std::string_view subject_id);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_PUPIL_REACH_H_
