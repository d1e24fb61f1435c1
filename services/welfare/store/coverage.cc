#include "services/welfare/store/coverage.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/welfare/v1/welfare.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/day.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "platform/store/outbox.h"
#include "services/welfare/domain/matter.h"

namespace fivestrand::welfare::store {
namespace {

using fivestrand::store::Row;
using fivestrand::store::Session;

// What a coverage is made of changes only with an event of this store, or with the copies that a follower of a feed brings.
absl::StatusOr<std::string> StampOf(Session& session) {
  FIVESTRAND_ASSIGN_OR_RETURN(const fivestrand::store::OutboxHead head, fivestrand::store::ReadOutboxHead(session));
  std::string stamp = absl::StrCat(head.last_cursor);
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT follower, cursor, snapshot FROM feed_cursor ORDER BY follower", {}, [&](const Row& row) {
        absl::StrAppend(&stamp, "\n", AbslView(row.Text(0)), " ", row.Int(1), " ", AbslView(row.Text(2)));
        return absl::OkStatus();
      }));
  return stamp;
}

}  // namespace

absl::StatusOr<Coverage> Coverage::Load(Session& session, PartyIndex& parties, std::string_view trust, absl::CivilDay since,
                                        absl::Time now) {
  Coverage coverage;
  FIVESTRAND_ASSIGN_OR_RETURN(coverage.roster_, Roster::Load(session, trust));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<PartyHash> hash, parties.Hash(session, trust));
  // Without a secret there never was a record.
  if (!hash) return coverage;
  const std::vector<std::string>& persons = coverage.roster_.persons();
  absl::flat_hash_map<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < persons.size(); ++i) by_key.emplace(hash->Of(persons[i]), i);
  coverage.check_ins_.resize(persons.size());
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT MIN(held_time) FROM check_in WHERE trust = $1 AND delete_time IS NULL AND state = $2 AND held_time <= $3",
      {trust, static_cast<int>(v1::CheckIn::HELD), now}, [&](const Row& row) {
        if (!row.IsNull(0)) coverage.first_check_in_ = calendar::DayOf(row.Time(0));
        return absl::OkStatus();
      }));
  const int part = static_cast<int>(domain::Part::kPerson);
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT party.party, matter.held_time FROM check_in AS matter JOIN welfare_party AS party ON party.trust = matter.trust AND "
      "party.path = matter.path AND party.part = $2 WHERE matter.trust = $1 AND matter.delete_time IS NULL AND matter.state = $3 "
      "AND "
      "matter.held_time >= $4 AND matter.held_time <= $5",
      {trust, part, static_cast<int>(v1::CheckIn::HELD), calendar::StartOf(since), now}, [&](const Row& row) {
        const auto person = by_key.find(AbslView(row.Blob(0)));
        if (person != by_key.end()) coverage.check_ins_[person->second].push_back(calendar::DayOf(row.Time(1)));
        return absl::OkStatus();
      }));
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT party.party, matter.school, matter.due_date, matter.done_date, matter.state FROM welfare_follow_up AS matter JOIN "
      "welfare_party AS party ON party.trust = matter.trust AND party.path = matter.path AND party.part = $2 WHERE matter.trust = "
      "$1 "
      "AND matter.delete_time IS NULL AND matter.state <> $3 AND matter.due_date >= $4",
      {trust, part, static_cast<int>(v1::FollowUp::CANCELLED), calendar::DateNumber(since)}, [&](const Row& row) {
        const bool kept = row.Int(4) == v1::FollowUp::DONE && !row.IsNull(3) && row.Int(3) <= row.Int(2);
        coverage.promises_.push_back({std::string(row.Text(1)), std::string(row.Blob(0)), calendar::DayOfNumber(row.Int(2)), kept});
        return absl::OkStatus();
      }));
  return coverage;
}

Shares Coverage::CheckIns(calendar::DayRange span, bool headteachers_only) const {
  std::vector<Share> by_school(roster_.schools().size());
  roster_.ForEachAt(span.end, [&](const Roster::Member& member) {
    if (headteachers_only && !member.headteacher) return;
    Share& share = by_school[member.school];
    ++share.of;
    ++share.persons;
    // None of anybody where there never was a record.
    if (check_ins_.empty()) return;
    const std::vector<absl::CivilDay>& days = check_ins_[member.person];
    share.done += std::any_of(days.begin(), days.end(), [&](absl::CivilDay day) { return span.Contains(day); }) ? 1 : 0;
  });
  Shares shares;
  for (std::size_t i = 0; i < by_school.size(); ++i) {
    if (by_school[i].of > 0) shares.emplace(roster_.schools()[i], by_school[i]);
  }
  return shares;
}

Shares Coverage::FollowUps(calendar::DayRange span, absl::CivilDay until) const {
  Shares shares;
  std::map<std::string, std::set<std::string>> persons;
  for (const Promise& promise : promises_) {
    // One that is kept early counts at once; one that is still open only when its day is over.
    if (!span.Contains(promise.due) || (promise.due > until && !promise.kept)) continue;
    Share& share = shares[promise.school];
    ++share.of;
    share.done += promise.kept ? 1 : 0;
    persons[promise.school].insert(promise.party);
  }
  for (auto& [school, share] : shares) share.persons = static_cast<int>(persons[school].size());
  return shares;
}

absl::StatusOr<std::shared_ptr<const Coverage>> Coverages::Read(Session& session, std::string_view trust, absl::CivilDay since,
                                                                absl::Time now) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string stamp, StampOf(session));
  const std::string key = absl::StrCat(AbslView(trust), " ", calendar::FormatDay(since));
  {
    const absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(key);
    if (kept != kept_.end() && kept->second.stamp == stamp && kept->second.now <= now && now - kept->second.now < kMaxAge)
      return kept->second.coverage;
  }
  FIVESTRAND_ASSIGN_OR_RETURN(Coverage read, Coverage::Load(session, parties_, trust, since, now));
  auto coverage = std::make_shared<const Coverage>(std::move(read));
  const absl::MutexLock lock(&mutex_);
  if (kept_.size() >= kMaxKept && !kept_.contains(key)) kept_.clear();
  kept_[key] = {stamp, now, coverage};
  return coverage;
}

}  // namespace fivestrand::welfare::store
