#include "services/leadership/domain/loop/stamps.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"

namespace fivestrand::leadership::domain {

absl::Time ToTime(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

void SetStamp(absl::Time time, google::protobuf::Timestamp* stamp) {
  // To the microsecond, as the store keeps times.
  const std::int64_t micros = absl::ToUnixMicros(time);
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  stamp->set_seconds(seconds);
  stamp->set_nanos(static_cast<std::int32_t>((micros - seconds * 1'000'000) * 1000));
}

absl::CivilDay DayOf(const google::protobuf::Timestamp& stamp) {
  return calendar::DayOf(ToTime(stamp));
}

std::optional<absl::CivilDay> DateOf(bool present, const google::type::Date& date) {
  return present ? calendar::FromProto(date) : std::nullopt;
}

}  // namespace fivestrand::leadership::domain
