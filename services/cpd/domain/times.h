// Times and days of messages.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_TIMES_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_TIMES_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace fivestrand::cpd::domain {

// A record can lie this far ahead of the server's clock, since phones' clocks differ.
inline constexpr absl::Duration kClockDifference = absl::Minutes(10);
// Nobody plans further ahead, and nothing is entered of longer ago.
inline constexpr int kFurthestDays = 800;

inline absl::Time ToTime(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

inline google::protobuf::Timestamp ToStamp(absl::Time time) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  std::int64_t seconds = micros / 1000000, rest = micros % 1000000;
  if (rest < 0) {
    rest += 1000000;
    --seconds;
  }
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(seconds);
  stamp.set_nanos(static_cast<int>(rest * 1000));
  return stamp;
}

inline absl::CivilDay ToDay(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

inline google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_TIMES_H_
