// Days to and from google.type.Date.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_CALENDAR_PROTO_H_
#define FIVESTRAND_PLATFORM_CALENDAR_CALENDAR_PROTO_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace fivestrand::calendar {

google::type::Date ToProto(absl::CivilDay day);
// Nothing unless year, month and day are all set and name a day that exists.
std::optional<absl::CivilDay> FromProto(const google::type::Date& date);

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_CALENDAR_PROTO_H_
