// Unique pupil numbers.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_UPN_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_UPN_H_

#include <string>
#include <string_view>

namespace fivestrand::assessment::domain {

// In capitals, without spaces.
std::string NormalUpn(std::string_view text);

// What is wrong with it, as `must ...`; empty when it is right. Takes any bytes. A temporary number (a letter at the end) is right.
std::string_view UpnFault(std::string_view upn);

// The letter that the twelve characters after it ask for; 0 when they are none that a number can have.
char UpnCheckLetter(std::string_view last_twelve);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_UPN_H_
