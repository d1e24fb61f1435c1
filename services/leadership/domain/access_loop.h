// Who may do what with concerns and improvement threads; part of access.h.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_LOOP_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_LOOP_H_

#include <vector>

#include "platform/identity/access.h"

namespace fivestrand::leadership::domain {

void AddLoopRules(std::vector<identity::AccessRule>* rules);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_LOOP_H_
