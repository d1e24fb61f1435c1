// Times as messages carry them, to the microsecond, as stores keep them.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_TIMESTAMP_H_
#define FIVESTRAND_PLATFORM_CALENDAR_TIMESTAMP_H_

#include <cstdint>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace fivestrand::calendar {

inline absl::Time ToTime(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  // ToUnixSeconds rounds down, so that nanos are not negative before 1970 either.
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(seconds);
  stamp.set_nanos(static_cast<std::int32_t>((absl::ToUnixMicros(time) - seconds * 1'000'000) * 1000));
  return stamp;
}

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_TIMESTAMP_H_
