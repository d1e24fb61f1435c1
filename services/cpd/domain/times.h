// Bounds of times, and days of messages.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_TIMES_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_TIMES_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/type/date.pb.h"

namespace fivestrand::cpd::domain {

// A record can lie this far ahead of the server's clock, since phones' clocks differ.
inline constexpr absl::Duration kClockDifference = absl::Minutes(10);
// Nobody plans further ahead, and nothing is entered of longer ago.
inline constexpr int kFurthestDays = 800;

inline absl::CivilDay ToDay(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_TIMES_H_
