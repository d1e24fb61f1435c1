// Who may do what in the welfare service, by role. What is about a person is decided further on, by whom the record names.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_ACCESS_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_ACCESS_H_

#include "absl/time/time.h"
#include "absl/types/span.h"

#include "platform/identity/access.h"

namespace fivestrand::welfare::domain {

absl::Span<const identity::AccessRule> AccessRules();

// Coverage and timeliness of element 2.6: CEO, directors, the HR director, and the suite itself; nobody else sees these figures.
bool MaySeeWelfareFigures(const identity::Caller& caller, absl::Time now);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_ACCESS_H_
