// Rules of events, bookings, attendance and evaluations.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_LEARNING_RULES_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_LEARNING_RULES_H_

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fivestrand/cpd/v1/learning.pb.h"

#include "platform/resource/strategy.h"
#include "platform/resource/write_context.h"
#include "services/cpd/domain/cpd_rows.h"

namespace fivestrand::cpd::domain {

// A waiting list takes no more.
inline constexpr int kMaxWaiting = 200;
// How long before a date people can check in.
inline constexpr absl::Duration kCheckInBefore = absl::Hours(1);
// What was learnt takes a while to be used.
inline constexpr absl::Duration kPracticeAfter = absl::Hours(24 * 14);

// Gives each date an id, keeps start, end and sequence, and brings the bookings along: who waits moves up when places are added,
// and copies of the event's times follow it. Never fewer places than are taken. A cancelled event does not change.
class CpdEventStrategy : public resource::StrategyFor<v1::CpdEvent> {
 public:
  explicit CpdEventStrategy(std::shared_ptr<const CpdRows> rows) : rows_(std::move(rows)) {}
  absl::Status Write(resource::WriteContext& context, const v1::CpdEvent* before, v1::CpdEvent* after) override;

 private:
  const std::shared_ptr<const CpdRows> rows_;
};

// A new booking gets a place while there is one, else a turn on the waiting list. That places are counted and taken in one
// transaction, of which there is one at a time, is why an event is never oversold.
class BookingStrategy : public resource::StrategyFor<v1::Booking> {
 public:
  explicit BookingStrategy(std::shared_ptr<const CpdRows> rows) : rows_(std::move(rows)) {}
  absl::Status Write(resource::WriteContext& context, const v1::Booking* before, v1::Booking* after) override;

 private:
  const std::shared_ptr<const CpdRows> rows_;
};

// By the person booked, of an event that has begun.
class EvaluationStrategy : public resource::StrategyFor<v1::Evaluation> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::Evaluation* before, v1::Evaluation* after) override;
};

// FAILED_PRECONDITION when places of the event cannot be booked at that time.
absl::Status CheckBookable(const v1::CpdEvent& event, absl::Time now);
// Whether they can.
bool Bookable(const v1::CpdEvent& event, absl::Time now);

// Gives `places` that are free to those who wait longest, as long as the event has not begun.
absl::Status PromoteWaiting(resource::WriteContext& context, const CpdRows& rows, const v1::CpdEvent& event, int places);

// Gives the booking up. FAILED_PRECONDITION when it has no place and no turn, or the event has begun. `had_place`: a place is free
// now.
absl::Status CancelBooking(absl::Time now, v1::Booking* booking, bool* had_place);

// Cancels the event; its bookings are the caller's business. FAILED_PRECONDITION when it is cancelled or over.
absl::Status CancelEvent(absl::Time now, v1::CpdEvent* event);
// What becomes of a booking of a cancelled event.
void CancelWithEvent(v1::Booking* booking);

// Null when the event has no such date.
const v1::CpdEvent::EventDate* FindDate(const v1::CpdEvent& event, std::string_view date_id);
// The date that can be checked into at `now`; FAILED_PRECONDITION when there is none.
absl::StatusOr<const v1::CpdEvent::EventDate*> DateToCheckIn(const v1::CpdEvent& event, std::string_view date_id, absl::Time now);

// Records attendance on one date, or corrects it, and what follows from it for the booking. FAILED_PRECONDITION when the date lies
// ahead or the booking has no place. `minutes` absent: the length of the date.
absl::Status RecordAttendance(const v1::CpdEvent& event, const v1::CpdEvent::EventDate& date, v1::Attendance::Presence presence,
                              std::optional<int> minutes, absl::Time now, v1::Booking* booking);

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_LEARNING_RULES_H_
