#include "services/cpd/store/sql_rows.h"

#include <tuple>

#include "fivestrand/cpd/v1/coaching.pb.h"
#include "fivestrand/cpd/v1/learning.pb.h"

#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/cpd/store/records.h"
#include "services/organisation/store/directory.h"

namespace fivestrand::cpd::store {
namespace {

using fivestrand::store::Params;
using fivestrand::store::Row;
using fivestrand::store::Session;

// The numbers in the texts below.
static_assert(v1::Booking::WAITING == 2 && v1::Booking::CANCELLED == 3);
static_assert(v1::CoachingSession::PLANNED == 1);

// Names of the rows, whose only column is their path.
absl::StatusOr<std::vector<std::string>> ReadNames(Session& session, std::string_view trust, std::string_view sql, Params params) {
  std::vector<std::string> names;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, params, [&](const Row& row) {
    names.push_back(NameOf(trust, row.Text(0)));
    return absl::OkStatus();
  }));
  return names;
}

absl::StatusOr<std::string> ReadName(Session& session, std::string_view trust, std::string_view sql, Params params) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> names, ReadNames(session, trust, sql, params));
  return names.empty() ? std::string() : names.front();
}

}  // namespace

absl::StatusOr<domain::SeatCount> SqlCpdRows::CountSeats(Session& session, std::string_view event) const {
  domain::SeatCount count;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT state, COUNT(*) FROM booking WHERE trust = $1 AND event = $2 AND state <> 3 AND delete_time IS NULL GROUP BY state",
      {names::TrustOf(event), event}, [&](const Row& row) {
        (row.Int(0) == v1::Booking::WAITING ? count.waiting : count.taken) += static_cast<int>(row.Int(1));
        return absl::OkStatus();
      }));
  return count;
}

absl::StatusOr<std::string> SqlCpdRows::LongestWaiting(Session& session, std::string_view event) const {
  const std::string_view trust = names::TrustOf(event);
  return ReadName(session, trust,
                  "SELECT path FROM booking WHERE trust = $1 AND event = $2 AND state = 2 AND delete_time IS NULL "
                  "ORDER BY create_time, path LIMIT 1",
                  {trust, event});
}

absl::StatusOr<std::string> SqlCpdRows::StandingBooking(Session& session, std::string_view event, std::string_view person) const {
  const std::string_view trust = names::TrustOf(event);
  return ReadName(session, trust,
                  "SELECT path FROM booking WHERE trust = $1 AND event = $2 AND person = $3 AND state <> 3 AND delete_time IS NULL "
                  "LIMIT 1",
                  {trust, event, person});
}

absl::StatusOr<std::vector<std::string>> SqlCpdRows::StandingBookings(Session& session, std::string_view event) const {
  const std::string_view trust = names::TrustOf(event);
  return ReadNames(session, trust,
                   "SELECT path FROM booking WHERE trust = $1 AND event = $2 AND state <> 3 AND delete_time IS NULL "
                   "ORDER BY create_time, path LIMIT 2000",
                   {trust, event});
}

absl::StatusOr<std::string> SqlCpdRows::OpenStep(Session& session, std::string_view cycle) const {
  const std::string_view trust = names::TrustOf(cycle);
  return ReadName(session, trust,
                  "SELECT path FROM action_step WHERE trust = $1 AND open_cycle = $2 AND delete_time IS NULL LIMIT 1",
                  {trust, cycle});
}

absl::StatusOr<std::vector<std::string>> SqlCpdRows::PlannedSessions(Session& session, std::string_view cycle) const {
  const std::string_view trust = names::TrustOf(cycle);
  return ReadNames(session, trust,
                   "SELECT path FROM coaching_session WHERE trust = $1 AND cycle = $2 AND state = 1 AND delete_time IS NULL "
                   "ORDER BY planned_time, path LIMIT 500",
                   {trust, cycle});
}

absl::Status SqlCpdRows::KeepShares(Session& session, std::string_view step, const std::vector<std::string>& people) const {
  const std::string_view trust = names::TrustOf(step), path = resource::PathOf(step);
  FIVESTRAND_RETURN_IF_ERROR(
      session.Execute("DELETE FROM action_step_share WHERE trust = $1 AND path = $2", {trust, path}).status());
  for (const std::string& person : people) {
    FIVESTRAND_RETURN_IF_ERROR(
        session.Execute("INSERT INTO action_step_share (trust, person, path) VALUES ($1, $2, $3)", {trust, person, path}).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SqlCpdRows::SchoolOf(Session& session, std::string_view person, absl::CivilDay day) const {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<leadership::v1::Post> posts, organisation::PostsOf(session, person, day));
  // Of two posts at once the one that is held longer.
  const leadership::v1::Post* home = nullptr;
  const auto since = [](const leadership::v1::Post& post) {
    return std::tuple(post.start_date().year(), post.start_date().month(), post.start_date().day());
  };
  for (const leadership::v1::Post& post : posts) {
    if (post.school().empty()) continue;
    if (home == nullptr || since(post) < since(*home)) home = &post;
  }
  return home == nullptr ? std::string() : home->school();
}

}  // namespace fivestrand::cpd::store
