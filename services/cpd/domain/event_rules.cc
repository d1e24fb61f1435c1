#include <algorithm>
#include <google/protobuf/util/message_differencer.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/cpd/domain/learning_rules.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::domain {
namespace {

using google::protobuf::util::MessageDifferencer;
using resource::WriteContext;

std::string DateField(const WriteContext& context, int i, const char* field) {
  return context.Field(absl::StrCat("dates[", i, "].", field));
}

// Gives ids to new dates, and checks all of them.
absl::Status NumberDates(const WriteContext& context, v1::CpdEvent* event) {
  const absl::CivilDay today = calendar::DayOf(context.now());
  for (int i = 0; i < event->dates_size(); ++i) {
    v1::CpdEvent::EventDate& date = *event->mutable_dates(i);
    const absl::Time start = calendar::ToTime(date.start_time()), end = calendar::ToTime(date.end_time());
    if (end <= start || end - start > absl::Hours(24))
      return status::InvalidField(DateField(context, i, "end_time"), "must be after start_time, by a day at most");
    if (i > 0 && start < calendar::ToTime(event->dates(i - 1).end_time()))
      return status::InvalidField(DateField(context, i, "start_time"), "must not be before the end of the date before it");
    const absl::CivilDay day = calendar::DayOf(start);
    if (day < today - kFurthestDays || day > today + kFurthestDays)
      return status::InvalidField(DateField(context, i, "start_time"), "must lie within 800 days of today");
    for (int j = 0; j < i; ++j) {
      if (!date.date_id().empty() && event->dates(j).date_id() == date.date_id())
        return status::InvalidField(DateField(context, i, "date_id"), "is used by another date");
    }
  }
  for (v1::CpdEvent::EventDate& date : *event->mutable_dates()) {
    while (date.date_id().empty()) {
      // A caller may have given a number of its own.
      event->set_last_date_number(event->last_date_number() + 1);
      const std::string id = absl::StrCat(event->last_date_number());
      if (FindDate(*event, id) == nullptr) date.set_date_id(id);
    }
  }
  *event->mutable_start_time() = event->dates(0).start_time();
  *event->mutable_end_time() = event->dates(event->dates_size() - 1).end_time();
  return absl::OkStatus();
}

// Whether a calendar that has the event must be told.
bool LooksDifferent(const v1::CpdEvent& before, const v1::CpdEvent& after) {
  if (before.title() != after.title() || before.state() != after.state() || before.dates_size() != after.dates_size()) return true;
  for (int i = 0; i < after.dates_size(); ++i) {
    if (!MessageDifferencer::Equals(before.dates(i), after.dates(i))) return true;
  }
  return false;
}

}  // namespace

absl::Status CpdEventStrategy::Write(WriteContext& context, const v1::CpdEvent* before, v1::CpdEvent* after) {
  if (before != nullptr && before->state() == v1::CpdEvent::CANCELLED)
    return status::Precondition("EVENT_CANCELLED", after->name(), "a cancelled event does not change");
  if (before == nullptr) {
    after->set_state(v1::CpdEvent::SCHEDULED);
    after->clear_sequence();
    after->clear_last_date_number();
    if (after->title().empty()) {
      v1::Course course;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, context.Read(after->course(), &course));
      if (found) after->set_title(course.title());
    }
  }
  if (after->dates_size() == 0) return status::InvalidField(context.Field("dates"), "an event has a date");
  FIVESTRAND_RETURN_IF_ERROR(NumberDates(context, after));
  if (!after->has_booking_close_time() ||
      (before != nullptr && MessageDifferencer::Equals(before->booking_close_time(), before->start_time()) &&
       MessageDifferencer::Equals(after->booking_close_time(), before->booking_close_time()))) {
    *after->mutable_booking_close_time() = after->start_time();
  }
  if (calendar::ToTime(after->booking_close_time()) > calendar::ToTime(after->end_time()))
    return status::InvalidField(context.Field("booking_close_time"), "must not be after the end of the last date");
  if (after->has_booking_open_time() &&
      calendar::ToTime(after->booking_open_time()) >= calendar::ToTime(after->booking_close_time()))
    return status::InvalidField(context.Field("booking_open_time"), "must be before booking_close_time");
  if (before == nullptr) return absl::OkStatus();
  if (LooksDifferent(*before, *after)) after->set_sequence(before->sequence() + 1);
  if (after->state() == v1::CpdEvent::CANCELLED) return absl::OkStatus();

  FIVESTRAND_ASSIGN_OR_RETURN(const SeatCount seats, rows_->CountSeats(context.transaction(), after->name()));
  if (after->seats() < seats.taken && after->seats() < before->seats())
    return status::Precondition("SEATS_TAKEN", after->name(), absl::StrCat(seats.taken, " places are taken"));
  // What follows is the server's doing, not the caller's: whoever may change the event need not reach each booking.
  context.set_check_rows(false);
  absl::Status moved = PromoteWaiting(context, *rows_, *after, after->seats() - seats.taken);
  const bool copies_differ = !MessageDifferencer::Equals(before->start_time(), after->start_time()) ||
                             !MessageDifferencer::Equals(before->end_time(), after->end_time()) ||
                             before->school() != after->school() || before->cost_pence() != after->cost_pence();
  if (moved.ok() && copies_differ) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> bookings,
                                rows_->StandingBookings(context.transaction(), after->name()));
    for (const std::string& name : bookings) {
      v1::Booking booking;
      moved = context.Update(name, {}, "follow", &booking, [&] {
        *booking.mutable_event_start_time() = after->start_time();
        *booking.mutable_event_end_time() = after->end_time();
        booking.set_giver_school(after->school());
        booking.set_cost_pence(after->cost_pence());
        return absl::OkStatus();
      });
      if (!moved.ok()) break;
    }
  }
  context.set_check_rows(true);
  return moved;
}

absl::Status CancelEvent(absl::Time now, v1::CpdEvent* event) {
  if (event->state() != v1::CpdEvent::SCHEDULED)
    return status::Precondition("EVENT_CANCELLED", event->name(), "the event is cancelled already");
  if (calendar::ToTime(event->end_time()) <= now) return status::Precondition("EVENT_OVER", event->name(), "the event is over");
  event->set_state(v1::CpdEvent::CANCELLED);
  return absl::OkStatus();
}

const v1::CpdEvent::EventDate* FindDate(const v1::CpdEvent& event, std::string_view date_id) {
  for (const v1::CpdEvent::EventDate& date : event.dates()) {
    if (date.date_id() == date_id) return &date;
  }
  return nullptr;
}

absl::StatusOr<const v1::CpdEvent::EventDate*> DateToCheckIn(const v1::CpdEvent& event, std::string_view date_id, absl::Time now) {
  for (const v1::CpdEvent::EventDate& date : event.dates()) {
    if (!date_id.empty() && date.date_id() != date_id) continue;
    if (now >= calendar::ToTime(date.start_time()) - kCheckInBefore && now < calendar::ToTime(date.end_time())) return &date;
  }
  return status::Precondition("NOT_NOW", event.name(), "people check in from an hour before a date until it is over");
}

}  // namespace fivestrand::cpd::domain
