// Who teaches a class.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_TEACHING_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_TEACHING_H_

#include <string_view>

#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/identity/access.h"

namespace fivestrand::assessment::domain {

// Whether the person teaches the class on the day: is named by it, and the class is one of that academic year.
bool Teaches(const leadership::v1::SchoolClass& school_class, std::string_view person, absl::CivilDay day);

// Whether `access` reaches the class in the subject, a resource name; in any of its subjects when that is empty: who leads a
// subject may know who learns it.
bool ReachesClass(const identity::Access& access, const leadership::v1::SchoolClass& school_class, std::string_view subject,
                  std::string_view caller, absl::CivilDay today);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_TEACHING_H_
