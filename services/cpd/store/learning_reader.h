// Lists of events and bookings that are more than one kind of record.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_LEARNING_READER_H_
#define FIVESTRAND_SERVICES_CPD_STORE_LEARNING_READER_H_

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/cpd/v1/learning_service.pb.h"

#include "platform/calendar/day.h"
#include "platform/resource/registry.h"

namespace fivestrand::cpd::store {

inline constexpr int kMaxTeamBookings = 500;
inline constexpr int kMaxLearningBookings = 200;

// A page of ListOpenEvents; `request` has been validated but for page size and token.
absl::Status ReadOpenEvents(const resource::Registry& registry, const v1::ListOpenEventsRequest& request, std::string_view caller,
                            absl::Time now, absl::Time deadline, v1::ListOpenEventsResponse* response);

// Those with a place, in the order of booking.
absl::Status ReadPlaces(const resource::Registry& registry, fivestrand::store::Session& session, std::string_view event,
                        v1::EventRegister* places);

// Bookings of those whom `manager` line-manages on `today`, of events that end in the span.
absl::Status ReadTeamBookings(const resource::Registry& registry, std::string_view manager, absl::CivilDay today,
                              calendar::DayRange span, absl::Time deadline, v1::ListTeamBookingsResponse* response);

// Whether `manager` line-manages `person` on `today`.
absl::StatusOr<bool> Manages(fivestrand::store::Session& session, std::string_view manager, std::string_view person,
                             absl::CivilDay today);

absl::Status ReadLearningRecord(fivestrand::store::Session& session, std::string_view person, calendar::DayRange span,
                                absl::Time now, v1::LearningRecord* record);

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_LEARNING_READER_H_
