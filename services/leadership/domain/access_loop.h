// Who may do what with concerns and improvement threads; part of access.h.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_LOOP_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_LOOP_H_

#include "platform/identity/roles.h"

namespace fivestrand::leadership::domain {

void AddLoopRules(identity::RuleList* rules);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ACCESS_LOOP_H_
