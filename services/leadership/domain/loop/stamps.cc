#include "services/leadership/domain/loop/stamps.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"

namespace fivestrand::leadership::domain {

absl::CivilDay DayOf(const google::protobuf::Timestamp& stamp) {
  return calendar::DayOf(calendar::ToTime(stamp));
}

std::optional<absl::CivilDay> DateOf(bool present, const google::type::Date& date) {
  return present ? calendar::FromProto(date) : std::nullopt;
}

}  // namespace fivestrand::leadership::domain
