// Groups of pupils: their codes, and how people write them.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_GROUP_CODES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_GROUP_CODES_H_

#include <optional>
#include <string_view>

#include "fivestrand/assessment/v1/pupils.pb.h"

namespace fivestrand::assessment::domain {

// What is wrong with the detail of a membership of the group, as `must ...`; empty when it is right.
std::string_view DetailFault(v1::GroupMembership::Group group, std::string_view detail);

// `PP`, `Pupil premium`, `disadvantaged`; `LAC`; `EHCP`, `E`; also the contract's names. Nothing for anything else.
std::optional<v1::GroupMembership::Group> ParseGroup(std::string_view text);

// Whether it is a fact of special needs or of care, of which a class teacher has to know.
bool NeededByTeacher(v1::GroupMembership::Group group);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_GROUP_CODES_H_
