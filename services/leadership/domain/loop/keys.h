// The keys of the improvement loop: what makes two readings one series, and two signals one cause.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_KEYS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_KEYS_H_

#include <string>
#include <string_view>

#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement.pb.h"

namespace fivestrand::leadership::domain {

// Both are digests, 64 hexadecimal digits, so that a person in a cut is not to be read out of them.
std::string SeriesKey(std::string_view measure, std::string_view scope, const evidence::v1::Cut& cut);

// Key of (rule, element, measure, scope, cut), which all come from the concern: its scope is its school, or the trust of its name.
// For rule PERSON also of who raised it.
std::string ConcernKey(const v1::Concern& concern);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_KEYS_H_
