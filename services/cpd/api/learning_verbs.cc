#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/cpd/v1/learning_service.pb.h"

#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/cpd/api/event_access.h"
#include "services/cpd/api/learning_api.h"
#include "services/cpd/domain/learning_rules.h"

namespace fivestrand::cpd::api {
namespace {

using resource::WriteContext;
using resource::WriteSpec;

const google::protobuf::MethodDescriptor* Method(const char* name) {
  return rpc::FindMethod(absl::StrCat("fivestrand.cpd.v1.LearningService.", name));
}

absl::Status BookPlace(WriteContext& write, const v1::BookPlaceRequest& request, v1::Booking* booking) {
  // Only people learn: an application or a process has no place to take.
  if (!write.actor().starts_with(absl::StrCat(AbslView(names::TrustNameOf(request.event())), "/people/")))
    return status::Denied(write.call().method->full_name());
  v1::CpdEvent event;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(request.event(), &event));
  if (!found) return status::NotFound("fivestrand/CpdEvent", request.event());
  FIVESTRAND_RETURN_IF_ERROR(domain::CheckBookable(event, write.now()));
  booking->set_event(request.event());
  booking->set_person(std::string(write.actor()));
  booking->set_element(request.element());
  booking->set_objective(request.objective());
  booking->set_improvement_thread(request.improvement_thread());
  return write.Create(names::TrustNameOf(request.event()), {}, booking);
}

absl::Status CancelBooking(const domain::CpdRows& rows, WriteContext& write, const v1::CancelBookingRequest& request,
                           v1::Booking* booking) {
  bool free_place = false;
  write.set_check_rows(true);
  FIVESTRAND_RETURN_IF_ERROR(write.Update(request.name(), {.etag = request.etag()}, "cancel", booking,
                                          [&] { return domain::CancelBooking(write.now(), booking, &free_place); }));
  if (!free_place) return absl::OkStatus();
  v1::CpdEvent event;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(booking->event(), &event));
  if (!found) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const domain::SeatCount seats, rows.CountSeats(write.transaction(), booking->event()));
  // Whoever gives a place up does not reach the booking that gets it.
  write.set_check_rows(false);
  return domain::PromoteWaiting(write, rows, event, event.seats() - seats.taken);
}

absl::Status CancelCpdEvent(const domain::CpdRows& rows, WriteContext& write, const v1::CancelCpdEventRequest& request,
                            v1::CpdEvent* event) {
  write.set_check_rows(true);
  FIVESTRAND_RETURN_IF_ERROR(write.Update(request.name(), {.etag = request.etag()}, "cancel", event,
                                          [&] { return domain::CancelEvent(write.now(), event); }));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> bookings, rows.StandingBookings(write.transaction(), request.name()));
  write.set_check_rows(false);
  for (const std::string& name : bookings) {
    v1::Booking booking;
    FIVESTRAND_RETURN_IF_ERROR(write.Update(name, {}, "cancel", &booking, [&] {
      // Whoever was there on an earlier date was there.
      if (booking.attendance().empty()) domain::CancelWithEvent(&booking);
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status CheckIn(WriteContext& write, const v1::CheckInRequest& request, v1::Booking* booking) {
  write.set_check_rows(true);
  return write.Update(request.name(), {.etag = request.etag()}, "checkIn", booking, [&]() -> absl::Status {
    v1::CpdEvent event;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(booking->event(), &event));
    if (!found || event.state() != v1::CpdEvent::SCHEDULED)
      return status::Precondition("EVENT_CANCELLED", booking->event(), "the event was cancelled");
    FIVESTRAND_ASSIGN_OR_RETURN(const v1::CpdEvent::EventDate* date, domain::DateToCheckIn(event, request.date_id(), write.now()));
    return domain::RecordAttendance(event, *date, v1::Attendance::PRESENT, std::nullopt, write.now(), booking);
  });
}

absl::Status RecordAttendance(const domain::LearningReads& reads, const resource::Registry& registry, WriteContext& write,
                              const v1::RecordAttendanceRequest& request, v1::EventRegister* answer) {
  v1::CpdEvent event;
  FIVESTRAND_RETURN_IF_ERROR(ReadReachedEvent(registry, write.call(), write.transaction(), request.event(), &event));
  if (event.state() != v1::CpdEvent::SCHEDULED)
    return status::Precondition("EVENT_CANCELLED", event.name(), "the event was cancelled");
  const v1::CpdEvent::EventDate* date = domain::FindDate(event, request.date_id());
  if (date == nullptr) return status::InvalidField("date_id", "is no date of the event");
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < request.entries_size(); ++i) {
    const v1::RecordAttendanceRequest::Entry& entry = request.entries(i);
    const std::string field = absl::StrCat("entries[", i, "]");
    if (!seen.insert(entry.booking()).second) return status::InvalidField(field + ".booking", "stands twice");
    v1::Booking booking;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(entry.booking(), &booking));
    if (!found || booking.event() != request.event()) return status::InvalidField(field + ".booking", "is no booking of the event");
    FIVESTRAND_RETURN_IF_ERROR(write.Update(entry.booking(), {}, "recordAttendance", &booking, [&] {
      return domain::RecordAttendance(event, *date, entry.presence(),
                                      entry.has_minutes() ? std::optional<int>(entry.minutes()) : std::nullopt, write.now(),
                                      &booking);
    }));
  }
  return reads.ReadPlaces(write.transaction(), request.event(), answer);
}

}  // namespace

void BindLearningVerbs(std::shared_ptr<const domain::CpdRows> rows, std::shared_ptr<const domain::LearningReads> reads,
                       resource::Registry& registry, rpc::Server& server) {
  registry.HandleWrite<v1::BookPlaceRequest, v1::Booking>(
      server, Method("BookPlace"),
      [](const v1::BookPlaceRequest& request) {
        return WriteSpec{
            .request_id = request.request_id(), .validate_only = request.validate_only(), .resource_type = "fivestrand/Booking"};
      },
      &BookPlace);
  registry.HandleWrite<v1::CancelBookingRequest, v1::Booking>(
      server, Method("CancelBooking"),
      [](const v1::CancelBookingRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = "fivestrand/Booking"};
      },
      [rows](WriteContext& write, const v1::CancelBookingRequest& request, v1::Booking* booking) {
        return CancelBooking(*rows, write, request, booking);
      });
  registry.HandleWrite<v1::CancelCpdEventRequest, v1::CpdEvent>(
      server, Method("CancelCpdEvent"),
      [](const v1::CancelCpdEventRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = "fivestrand/CpdEvent"};
      },
      [rows](WriteContext& write, const v1::CancelCpdEventRequest& request, v1::CpdEvent* event) {
        return CancelCpdEvent(*rows, write, request, event);
      });
  registry.HandleWrite<v1::CheckInRequest, v1::Booking>(
      server, Method("CheckIn"),
      [](const v1::CheckInRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = "fivestrand/Booking"};
      },
      &CheckIn);
  registry.HandleWrite<v1::RecordAttendanceRequest, v1::EventRegister>(
      server, Method("RecordAttendance"),
      [](const v1::RecordAttendanceRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .resource_type = "fivestrand/Booking"};
      },
      [reads, &registry](WriteContext& write, const v1::RecordAttendanceRequest& request, v1::EventRegister* answer) {
        return RecordAttendance(*reads, registry, write, request, answer);
      });
}

}  // namespace fivestrand::cpd::api
