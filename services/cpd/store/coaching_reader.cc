#include "services/cpd/store/coaching_reader.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/cpd/store/records.h"

namespace fivestrand::cpd::store {
namespace {

using fivestrand::store::Params;
using fivestrand::store::Row;
using fivestrand::store::Session;

static_assert(v1::CoachingCycle::COMPLETED == 2 && v1::CoachingSession::HELD == 2 && v1::ActionStep::ACHIEVED == 2);

// Columns `record, sealed`: the whole record.
template <typename Record>
absl::Status OpenRecord(const resource::Registry& registry, const Row& row, Record* record) {
  FIVESTRAND_RETURN_IF_ERROR(ParseRecord(row, 0, record));
  if (row.Blob(1).empty()) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string apart,
                              registry.cipher().Open(names::TrustOf(record->name()), record->name(), row.Blob(1)));
  if (record->MergeFromString(apart)) return absl::OkStatus();
  return status::DataLoss(absl::StrCat("sealed bytes do not parse as ", record->GetDescriptor()->full_name()));
}

// Whether there is such a record, and it is one of the person's coaching.
template <typename Record>
absl::StatusOr<bool> IsPartOf(const resource::Registry& registry, Session& session, std::string_view name, std::string_view person,
                              Record* record) {
  const resource::Entry* entry = registry.Find(Record::descriptor());
  if (!entry->declaration->pattern.Matches(name)) return false;
  resource::StoredRecord row;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, entry->table->Read(session, names::TrustOf(name), resource::PathOf(name), &row));
  if (!found) return false;
  if (!record->ParseFromString(row.record))
    return status::DataLoss(absl::StrCat("stored bytes of ", entry->declaration->table, " do not parse"));
  return record->coach() == person || record->coachee() == person;
}

// The trail of what is read with its cycle.
template <typename Record>
events::ReadTrail WithCycle(const Record& record) {
  return {.with = record.cycle(), .since = calendar::ToTime(record.create_time())};
}

constexpr int kMaxOfRoom = 100;
constexpr int kMaxShared = 100;

}  // namespace

absl::Status SqlCoachingReads::ReadRoom(std::string_view cycle, std::string_view reader, std::string_view method,
                                        absl::Time deadline, v1::CoachingRoom* room) const {
  const std::string_view trust = names::TrustOf(cycle);
  return registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    room->Clear();
    v1::CoachingCycle record;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(session, cycle, &record));
    if (!found || (record.coach() != reader && record.coachee() != reader)) return status::Denied(method);
    FIVESTRAND_RETURN_IF_ERROR(session.Query("SELECT record, sealed FROM coaching_cycle WHERE trust = $1 AND path = $2",
                                             {trust, resource::PathOf(cycle)},
                                             [&](const Row& row) { return OpenRecord(registry_, row, room->mutable_cycle()); }));
    FIVESTRAND_RETURN_IF_ERROR(session.Query(
        "SELECT record, sealed FROM coaching_session WHERE trust = $1 AND cycle = $2 AND delete_time IS NULL "
        "ORDER BY planned_time DESC, path LIMIT $3",
        {trust, cycle, kMaxOfRoom}, [&](const Row& row) { return OpenRecord(registry_, row, room->add_sessions()); }));
    return session.Query(
        "SELECT record, sealed FROM action_step WHERE trust = $1 AND cycle = $2 AND delete_time IS NULL "
        "ORDER BY create_time DESC, path LIMIT $3",
        {trust, cycle, kMaxOfRoom}, [&](const Row& row) { return OpenRecord(registry_, row, room->add_steps()); });
  });
}

absl::Status SqlCoachingReads::ReadSharedSteps(std::string_view trust, std::string_view reader, absl::Time deadline,
                                               v1::ListSharedStepsResponse* response) const {
  return registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    response->Clear();
    return session.Query(
        "SELECT s.record, s.sealed FROM action_step_share h JOIN action_step s ON s.trust = h.trust AND s.path = h.path "
        "WHERE h.trust = $1 AND h.person = $2 AND s.delete_time IS NULL ORDER BY s.create_time DESC, s.path LIMIT $3",
        {trust, reader, kMaxShared}, [&](const Row& row) -> absl::Status {
          v1::ActionStep step;
          FIVESTRAND_RETURN_IF_ERROR(OpenRecord(registry_, row, &step));
          v1::SharedStep& shared = *response->add_shared_steps();
          shared.set_step(step.name());
          shared.set_coachee(step.coachee());
          *shared.mutable_due_date() = step.due_date();
          shared.set_state(step.state());
          if (step.has_achieved_date()) *shared.mutable_achieved_date() = step.achieved_date();
          shared.set_text(step.text());
          shared.set_rehearsed(step.rehearsed());
          shared.set_seen(step.seen());
          return absl::OkStatus();
        });
  });
}

absl::StatusOr<std::optional<events::ReadTrail>> CoachingTrail(const resource::Registry& registry, Session& session,
                                                               std::string_view name, std::string_view person) {
  v1::CoachingCycle cycle;
  FIVESTRAND_ASSIGN_OR_RETURN(bool part, IsPartOf(registry, session, name, person, &cycle));
  if (part) return events::ReadTrail();
  v1::CoachingSession meeting;
  FIVESTRAND_ASSIGN_OR_RETURN(part, IsPartOf(registry, session, name, person, &meeting));
  if (part) return WithCycle(meeting);
  v1::ActionStep step;
  FIVESTRAND_ASSIGN_OR_RETURN(part, IsPartOf(registry, session, name, person, &step));
  if (part) return WithCycle(step);
  return std::nullopt;
}

absl::Status SqlCoachingReads::ReadCounts(std::string_view scope, calendar::DayRange span, absl::Time deadline,
                                          v1::CoachingCounts* counts) const {
  const std::string_view trust = names::TrustOf(scope);
  const std::string_view school = names::SchoolNameOf(scope);
  const std::int64_t first = calendar::DateNumber(span.start), last = calendar::DateNumber(span.end);
  const absl::Time from = calendar::StartOf(span.start), until = calendar::StartOf(span.end + 1);
  // $2 is the school, empty for the trust.
  constexpr std::string_view kCycles =
      "SELECT COUNT(*), COALESCE(SUM(CASE WHEN state = 2 AND end_date <= $4 THEN 1 ELSE 0 END), 0) FROM coaching_cycle "
      "WHERE trust = $1 AND ($2 = '' OR school = $2) AND delete_time IS NULL AND start_date <= $4 AND "
      "(end_date IS NULL OR (end_date >= $3 AND end_date >= start_date))";
  constexpr std::string_view kSessions =
      "SELECT COUNT(*) FROM coaching_session s JOIN coaching_cycle c ON c.trust = s.trust AND "
      "'trusts/' || c.trust || '/' || c.path = s.cycle WHERE s.trust = $1 AND ($2 = '' OR c.school = $2) AND s.state = 2 AND "
      "s.held_time >= $3 AND s.held_time < $4 AND s.delete_time IS NULL";
  constexpr std::string_view kSteps =
      "SELECT COUNT(*) FROM action_step s JOIN coaching_cycle c ON c.trust = s.trust AND "
      "'trusts/' || c.trust || '/' || c.path = s.cycle WHERE s.trust = $1 AND ($2 = '' OR c.school = $2) AND s.state = 2 AND "
      "s.achieved_date >= $3 AND s.achieved_date <= $4 AND s.delete_time IS NULL";
  return registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    FIVESTRAND_RETURN_IF_ERROR(session.Query(kCycles, {trust, school, first, last}, [&](const Row& row) {
      counts->set_cycles(static_cast<int>(row.Int(0)));
      counts->set_completed_cycles(static_cast<int>(row.Int(1)));
      return absl::OkStatus();
    }));
    FIVESTRAND_RETURN_IF_ERROR(session.Query(kSessions, {trust, school, from, until}, [&](const Row& row) {
      counts->set_sessions_held(static_cast<int>(row.Int(0)));
      return absl::OkStatus();
    }));
    return session.Query(kSteps, {trust, school, first, last}, [&](const Row& row) {
      counts->set_steps_achieved(static_cast<int>(row.Int(0)));
      return absl::OkStatus();
    });
  });
}

}  // namespace fivestrand::cpd::store
