#include "services/cpd/domain/learning_rules.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::domain {
namespace {

using resource::WriteContext;

bool HasPlace(const v1::Booking& booking) {
  return booking.state() == v1::Booking::BOOKED || booking.state() == v1::Booking::ATTENDED ||
         booking.state() == v1::Booking::ABSENT;
}

std::string StandingKey(const v1::Booking& booking) {
  return absl::StrCat(AbslView(names::IdOf(booking.event())), "/", AbslView(names::IdOf(booking.person())));
}

}  // namespace

absl::Status BookingStrategy::Write(WriteContext& context, const v1::Booking* before, v1::Booking* after) {
  if (before != nullptr) return absl::OkStatus();
  v1::CpdEvent event;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, context.Read(after->event(), &event));
  if (!found)
    return status::Invalid(status::Reason::kReferenceNotFound, context.Field("event"), "names an event that does not exist");
  if (event.state() != v1::CpdEvent::SCHEDULED)
    return status::Precondition("EVENT_CANCELLED", event.name(), "the event was cancelled");
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string standing,
                              rows_->StandingBooking(context.transaction(), after->event(), after->person()));
  if (!standing.empty()) return status::AlreadyExists("fivestrand/Booking", standing);

  FIVESTRAND_ASSIGN_OR_RETURN(const SeatCount seats, rows_->CountSeats(context.transaction(), after->event()));
  if (seats.taken < event.seats()) {
    after->set_state(v1::Booking::BOOKED);
  } else if (calendar::ToTime(event.start_time()) <= context.now()) {
    return status::Precondition("EVENT_FULL", event.name(), "the event has begun and every place is taken");
  } else if (seats.waiting >= kMaxWaiting) {
    return status::Precondition("WAITING_LIST_FULL", event.name(), "every place is taken and the waiting list is full");
  } else {
    after->set_state(v1::Booking::WAITING);
  }
  const absl::CivilDay day = calendar::DayOf(std::min(context.now(), calendar::ToTime(event.start_time())));
  FIVESTRAND_ASSIGN_OR_RETURN(*after->mutable_school(), rows_->SchoolOf(context.transaction(), after->person(), day));
  *after->mutable_event_start_time() = event.start_time();
  *after->mutable_event_end_time() = event.end_time();
  after->set_giver_school(event.school());
  after->set_cost_pence(event.cost_pence());
  after->set_standing_key(StandingKey(*after));
  after->clear_attendance();
  after->clear_attended_minutes();
  after->clear_attended_time();
  after->clear_done_time();
  return absl::OkStatus();
}

bool Bookable(const v1::CpdEvent& event, absl::Time now) {
  return CheckBookable(event, now).ok();
}

absl::Status CheckBookable(const v1::CpdEvent& event, absl::Time now) {
  if (event.state() != v1::CpdEvent::SCHEDULED)
    return status::Precondition("EVENT_CANCELLED", event.name(), "the event was cancelled");
  if (event.has_booking_open_time() && now < calendar::ToTime(event.booking_open_time()))
    return status::Precondition("BOOKING_NOT_OPEN", event.name(), "places cannot be booked yet");
  if (now >= calendar::ToTime(event.booking_close_time()))
    return status::Precondition("BOOKING_CLOSED", event.name(), "places cannot be booked any more");
  return absl::OkStatus();
}

absl::Status PromoteWaiting(WriteContext& context, const CpdRows& rows, const v1::CpdEvent& event, int places) {
  if (event.state() != v1::CpdEvent::SCHEDULED || calendar::ToTime(event.start_time()) <= context.now()) return absl::OkStatus();
  for (; places > 0; --places) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string next, rows.LongestWaiting(context.transaction(), event.name()));
    if (next.empty()) return absl::OkStatus();
    v1::Booking booking;
    FIVESTRAND_RETURN_IF_ERROR(context.Update(next, {}, "promote", &booking, [&booking] {
      booking.set_state(v1::Booking::BOOKED);
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status CancelBooking(absl::Time now, v1::Booking* booking, bool* had_place) {
  if (booking->state() != v1::Booking::BOOKED && booking->state() != v1::Booking::WAITING)
    return status::Precondition("BOOKING_NOT_OPEN", booking->name(), "only a place or a turn that is held can be given up");
  if (calendar::ToTime(booking->event_start_time()) <= now)
    return status::Precondition("EVENT_BEGUN", booking->name(), "the event has begun");
  *had_place = booking->state() == v1::Booking::BOOKED;
  CancelWithEvent(booking);
  return absl::OkStatus();
}

void CancelWithEvent(v1::Booking* booking) {
  booking->set_state(v1::Booking::CANCELLED);
  booking->clear_standing_key();
}

absl::Status RecordAttendance(const v1::CpdEvent& event, const v1::CpdEvent::EventDate& date, v1::Attendance::Presence presence,
                              std::optional<int> minutes, absl::Time now, v1::Booking* booking) {
  if (!HasPlace(*booking)) return status::Precondition("NO_PLACE", booking->name(), "the booking has no place at the event");
  const absl::Time start = calendar::ToTime(date.start_time());
  if (start - kCheckInBefore > now) return status::Precondition("EVENT_DATE_AHEAD", event.name(), "the date lies ahead");
  auto& attendance = *booking->mutable_attendance();
  auto entry = std::find_if(attendance.begin(), attendance.end(),
                            [&](const v1::Attendance& one) { return one.date_id() == date.date_id(); });
  v1::Attendance& one = entry == attendance.end() ? *attendance.Add() : *entry;
  const int length = static_cast<int>(absl::ToInt64Minutes(calendar::ToTime(date.end_time()) - start));
  one.set_date_id(date.date_id());
  one.set_presence(presence);
  one.set_minutes(presence == v1::Attendance::PRESENT ? minutes.value_or(length) : 0);
  *one.mutable_start_time() = date.start_time();

  int total = 0;
  absl::Time first = absl::InfiniteFuture();
  for (const v1::Attendance& each : attendance) {
    if (each.presence() != v1::Attendance::PRESENT) continue;
    total += each.minutes();
    first = std::min(first, calendar::ToTime(each.start_time()));
  }
  const bool was_there = first != absl::InfiniteFuture();
  const bool complete = std::all_of(event.dates().begin(), event.dates().end(), [&](const v1::CpdEvent::EventDate& each) {
    return std::any_of(attendance.begin(), attendance.end(),
                       [&](const v1::Attendance& recorded) { return recorded.date_id() == each.date_id(); });
  });
  booking->set_attended_minutes(total);
  booking->clear_attended_time();
  if (was_there) *booking->mutable_attended_time() = calendar::ToTimestamp(first);
  booking->clear_done_time();
  if (complete && was_there) *booking->mutable_done_time() = event.end_time();
  booking->set_state(was_there ? v1::Booking::ATTENDED : complete ? v1::Booking::ABSENT : v1::Booking::BOOKED);
  return absl::OkStatus();
}

absl::Status EvaluationStrategy::Write(WriteContext& context, const v1::Evaluation* before, v1::Evaluation* after) {
  v1::Booking booking;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, context.Read(after->booking(), &booking));
  // Whose booking it is not must not learn whether there is one.
  if (!found || booking.person() != context.actor()) return status::Denied(context.call().method->full_name());
  if (booking.state() != v1::Booking::BOOKED && booking.state() != v1::Booking::ATTENDED)
    return status::Precondition("NOT_ATTENDED", booking.name(), "only somebody who was there can say how it was");
  if (calendar::ToTime(booking.event_start_time()) > context.now())
    return status::Precondition("EVENT_AHEAD", booking.name(), "the event has not begun");
  if (after->reaction() == 0 && after->learning() == 0 && after->use_in_practice() == 0 && after->comment().empty())
    return status::InvalidField(context.Field("reaction"), "an evaluation says something");
  const int said = before == nullptr ? 0 : before->use_in_practice();
  if (after->use_in_practice() != said && calendar::ToTime(booking.event_end_time()) + kPracticeAfter > context.now())
    return status::InvalidField(context.Field("use_in_practice"), "can be said from two weeks after the last date");
  after->set_event(booking.event());
  after->set_person(booking.person());
  after->set_school(booking.school());
  *after->mutable_event_end_time() = booking.event_end_time();
  return absl::OkStatus();
}

}  // namespace fivestrand::cpd::domain
