#include "services/welfare/store/coverage.h"

#include <algorithm>
#include <set>

#include "fivestrand/welfare/v1/welfare.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/status/macros.h"
#include "services/welfare/domain/matter.h"

namespace fivestrand::welfare::store {
namespace {

using fivestrand::store::Row;
using fivestrand::store::Session;

}  // namespace

absl::StatusOr<Coverage> Coverage::Load(Session& session, PartyIndex& parties, std::string_view trust, absl::CivilDay since,
                                        absl::Time now) {
  Coverage coverage;
  FIVESTRAND_ASSIGN_OR_RETURN(coverage.roster_, Roster::Load(session, trust));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<PartyHash> hash, parties.Hash(session, trust));
  // Without a secret there never was a record.
  if (!hash) return coverage;
  for (const std::string& person : coverage.roster_.Persons()) coverage.keys_.emplace(person, hash->Of(person));
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
        coverage.check_ins_[std::string(row.Blob(0))].push_back(calendar::DayOf(row.Time(1)));
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
  Shares shares;
  for (const domain::StaffMember& member : roster_.At(span.end)) {
    if (headteachers_only && !member.headteacher) continue;
    Share& share = shares[member.school];
    ++share.of;
    ++share.persons;
    const auto key = keys_.find(member.person);
    if (key == keys_.end()) continue;
    const auto days = check_ins_.find(key->second);
    if (days == check_ins_.end()) continue;
    share.done +=
        std::any_of(days->second.begin(), days->second.end(), [&](absl::CivilDay day) { return span.Contains(day); }) ? 1 : 0;
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

}  // namespace fivestrand::welfare::store
