#include "services/cpd/store/learning_reader.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/resource/list_query.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/cpd/domain/learning_rules.h"
#include "services/cpd/domain/times.h"
#include "services/cpd/store/records.h"
#include "services/organisation/store/directory.h"

namespace fivestrand::cpd::store {
namespace {

using fivestrand::store::Row;
using fivestrand::store::Session;

static_assert(v1::CpdEvent::SCHEDULED == 1);
static_assert(v1::Booking::WAITING == 2 && v1::Booking::CANCELLED == 3);

constexpr int kMaxTeamBookings = 500;
constexpr int kMaxLearningBookings = 200;

// Where a page of open events ends: the start and path of its last event.
struct Place {
  std::int64_t start = INT64_MIN;
  std::string path;
};

std::string Purpose(const v1::ListOpenEventsRequest& request, std::string_view caller) {
  return absl::StrCat("open-events\n", request.parent(), "\n", request.course(), "\n", AbslView(caller), "\n");
}

absl::StatusOr<Place> ReadToken(const resource::Registry& registry, const v1::ListOpenEventsRequest& request,
                                std::string_view caller) {
  Place place;
  if (request.page_token().empty()) return place;
  const std::string purpose = Purpose(request, caller);
  const std::optional<std::string> opened = registry.page_tokens().Open(request.page_token());
  if (opened && opened->starts_with(purpose)) {
    const std::vector<std::string> parts = absl::StrSplit(std::string(*opened, purpose.size()), absl::MaxSplits(' ', 1));
    if (parts.size() == 2 && absl::SimpleAtoi(parts[0], &place.start)) {
      place.path = parts[1];
      return place;
    }
  }
  return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
}

// Counts places and turns of the events, and finds the caller's bookings.
absl::Status AddBookings(Session& session, std::string_view trust, std::string_view caller, std::int64_t first, std::int64_t last,
                         v1::ListOpenEventsResponse* response) {
  absl::flat_hash_map<std::string, v1::OpenEvent*> by_name;
  for (v1::OpenEvent& open : *response->mutable_open_events()) by_name[open.event().name()] = &open;
  const auto find = [&](std::string_view name) -> v1::OpenEvent* {
    const auto found = by_name.find(std::string(name));
    return found == by_name.end() ? nullptr : found->second;
  };
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT b.event, b.state, COUNT(*) FROM cpd_event e JOIN booking b ON b.trust = e.trust AND "
      "b.event = 'trusts/' || e.trust || '/' || e.path WHERE e.trust = $1 AND e.start_time >= $2 AND e.start_time <= $3 AND "
      "b.state <> 3 AND b.delete_time IS NULL GROUP BY b.event, b.state",
      {trust, first, last}, [&](const Row& row) {
        v1::OpenEvent* open = find(row.Text(0));
        if (open == nullptr) return absl::OkStatus();
        const int count = static_cast<int>(row.Int(2));
        if (row.Int(1) == v1::Booking::WAITING) {
          open->set_waiting(count);
        } else {
          open->set_seats_taken(open->seats_taken() + count);
        }
        return absl::OkStatus();
      }));
  for (v1::OpenEvent& open : *response->mutable_open_events())
    open.set_seats_left(std::max(0, open.event().seats() - open.seats_taken()));
  return session.Query(
      "SELECT record FROM booking WHERE trust = $1 AND person = $2 AND event_start_time >= $3 AND event_start_time <= $4 AND "
      "state <> 3 AND delete_time IS NULL",
      {trust, caller, first, last}, [&](const Row& row) -> absl::Status {
        v1::Booking booking;
        FIVESTRAND_RETURN_IF_ERROR(ParseRecord(row, 0, &booking));
        if (v1::OpenEvent* open = find(booking.event())) *open->mutable_own_booking() = std::move(booking);
        return absl::OkStatus();
      });
}

}  // namespace

absl::Status SqlLearningReads::ReadOpenEvents(const v1::ListOpenEventsRequest& request, std::string_view caller, absl::Time now,
                                              absl::Time deadline, v1::ListOpenEventsResponse* response) const {
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  FIVESTRAND_ASSIGN_OR_RETURN(const Place after, ReadToken(registry_, request, caller));
  const std::string_view trust = names::TrustOf(request.parent());
  return registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    response->Clear();
    Place last;
    bool more = false;
    FIVESTRAND_RETURN_IF_ERROR(session.Query(
        "SELECT record, start_time, path FROM cpd_event WHERE trust = $1 AND state = 1 AND delete_time IS NULL AND "
        "booking_close_time > $2 AND ($3 = '' OR course = $3) AND (start_time > $4 OR (start_time = $4 AND path > $5)) "
        "ORDER BY start_time, path LIMIT $6",
        {trust, now, request.course(), after.start, after.path, page_size + 1}, [&](const Row& row) -> absl::Status {
          if (response->open_events_size() == page_size) {
            more = true;
            return absl::OkStatus();
          }
          v1::OpenEvent& open = *response->add_open_events();
          FIVESTRAND_RETURN_IF_ERROR(ParseRecord(row, 0, open.mutable_event()));
          open.set_bookable(domain::Bookable(open.event(), now));
          last = {row.Int(1), std::string(row.Text(2))};
          return absl::OkStatus();
        }));
    if (response->open_events().empty()) return absl::OkStatus();
    if (more)
      response->set_next_page_token(
          registry_.page_tokens().Seal(absl::StrCat(Purpose(request, caller), last.start, " ", last.path)));
    const std::int64_t first = fivestrand::store::ToMicros(calendar::ToTime(response->open_events(0).event().start_time()));
    return AddBookings(session, trust, caller, first, last.start, response);
  });
}

absl::Status SqlLearningReads::ReadPlaces(Session& session, std::string_view event, v1::EventRegister* places) const {
  return session.Query(
      "SELECT record FROM booking WHERE trust = $1 AND event = $2 AND state NOT IN (2, 3) AND delete_time IS NULL "
      "ORDER BY create_time, path LIMIT 1000",
      {names::TrustOf(event), event}, [&](const Row& row) { return ParseRecord(row, 0, places->add_bookings()); });
}

absl::Status SqlLearningReads::ReadTeamBookings(std::string_view manager, absl::CivilDay today, calendar::DayRange span,
                                                absl::Time deadline, v1::ListTeamBookingsResponse* response) const {
  return registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    response->Clear();
    return session.Query(
        "SELECT b.record FROM booking b WHERE b.trust = $1 AND b.state <> 3 AND b.delete_time IS NULL AND b.event_end_time >= $4 "
        "AND b.event_end_time < $5 AND b.person IN (SELECT m.report FROM line_management m WHERE m.trust = $1 AND m.manager = $2 "
        "AND m.delete_time IS NULL AND m.start_date <= $3 AND (m.end_date IS NULL OR m.end_date >= $3)) "
        "ORDER BY b.event_start_time, b.path LIMIT $6",
        {names::TrustOf(manager), manager, calendar::DateNumber(today), calendar::StartOf(span.start),
         calendar::StartOf(span.end + 1), kMaxTeamBookings + 1},
        [&](const Row& row) -> absl::Status {
          if (response->bookings_size() == kMaxTeamBookings) {
            response->set_truncated(true);
            return absl::OkStatus();
          }
          return ParseRecord(row, 0, response->add_bookings());
        });
  });
}

absl::Status SqlLearningReads::ReadLearning(std::string_view person, std::string_view reader, calendar::DayRange span,
                                            absl::Time now, absl::Time deadline, domain::PersonLearning* learning) const {
  const absl::CivilDay today = calendar::DayOf(now);
  return registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    *learning = {};
    v1::LearningRecord* record = &learning->record;
    FIVESTRAND_ASSIGN_OR_RETURN(learning->school, rows_->SchoolOf(session, person, today));
    FIVESTRAND_ASSIGN_OR_RETURN(const organisation::Names managers, organisation::LineManagersOf(session, person, today));
    learning->managed = std::find(managers.begin(), managers.end(), reader) != managers.end();
    return session.Query(
        "SELECT record FROM booking WHERE trust = $1 AND person = $2 AND state <> 3 AND delete_time IS NULL AND event_end_time >= "
        "$3 "
        "AND event_end_time < $4 ORDER BY event_start_time DESC, path LIMIT 5000",
        {names::TrustOf(person), person, calendar::StartOf(span.start), calendar::StartOf(span.end + 1)},
        [&](const Row& row) -> absl::Status {
          v1::Booking booking;
          FIVESTRAND_RETURN_IF_ERROR(ParseRecord(row, 0, &booking));
          record->set_minutes(record->minutes() + booking.attended_minutes());
          if (booking.state() == v1::Booking::ATTENDED) {
            record->set_attended_events(record->attended_events() + 1);
            record->set_cost_pence(record->cost_pence() + booking.cost_pence());
          } else if (booking.state() == v1::Booking::BOOKED && calendar::ToTime(booking.event_end_time()) > now) {
            record->set_booked_events(record->booked_events() + 1);
          }
          if (record->bookings_size() < kMaxLearningBookings) *record->add_bookings() = std::move(booking);
          return absl::OkStatus();
        });
  });
}

}  // namespace fivestrand::cpd::store
