// Days of records.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_STAMPS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_STAMPS_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace fivestrand::leadership::domain {

// In London.
absl::CivilDay DayOf(const google::protobuf::Timestamp& stamp);
// Nothing when absent or no date.
std::optional<absl::CivilDay> DateOf(bool present, const google::type::Date& date);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_STAMPS_H_
