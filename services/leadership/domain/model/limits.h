// The order in which target, amber and red of a measure must stand.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_LIMITS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_LIMITS_H_

#include <string_view>

#include "fivestrand/evidence/v1/evidence.pb.h"

namespace fivestrand::leadership::domain {

// What is wrong with the limits of a measure whose direction is known; empty when nothing is.
std::string_view WrongOrder(const evidence::v1::Measure& measure);

// Where the direction is not known: that amber lies between the others.
bool InSomeOrder(double target, double amber, double red);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_LIMITS_H_
