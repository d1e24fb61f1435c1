#include "services/welfare/store/roster.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/people.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::welfare::store {
namespace {

using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::Session;
using leadership::v1::Post;
using leadership::v1::RoleGrant;

constexpr std::int64_t kForever = 99991231;

std::string TrustName(std::string_view trust) {
  return absl::StrCat("trusts/", AbslView(trust));
}

}  // namespace

absl::StatusOr<Roster> Roster::Load(Session& session, std::string_view trust, std::string_view person) {
  Roster roster;
  // A post names its person in full; a person's row has the path alone.
  std::string sql = absl::StrCat(
      "SELECT post.person, post.school, post.kind, post.start_date, post.end_date, person.end_date FROM post JOIN person ON "
      "person.trust = post.trust AND person.path = substr(post.person, cast($2 AS integer)) WHERE post.trust = $1 AND "
      "post.delete_time IS NULL AND "
      "person.delete_time IS NULL AND post.kind <> ",
      static_cast<int>(Post::DIRECTOR));
  std::vector<Param> params = {trust, static_cast<std::int64_t>(TrustName(trust).size() + 2)};
  if (!person.empty()) {
    sql += " AND post.person = $3";
    params.push_back(person);
  }
  sql += " ORDER BY post.person, post.start_date, post.path";
  absl::flat_hash_map<std::string, std::size_t> schools;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, params, [&](const Row& row) {
    if (roster.persons_.empty() || roster.persons_.back() != row.Text(0)) roster.persons_.emplace_back(row.Text(0));
    const auto [school, is_new] = schools.try_emplace(std::string(row.Text(1)), roster.schools_.size());
    if (is_new) roster.schools_.emplace_back(row.Text(1));
    const std::int64_t post_end = row.IsNull(4) ? kForever : row.Int(4);
    const std::int64_t person_end = row.IsNull(5) ? kForever : row.Int(5);
    roster.posts_.push_back({{roster.persons_.size() - 1, school->second, row.Int(2) == Post::HEADTEACHER},
                             row.Int(3),
                             std::min(post_end, person_end)});
    return absl::OkStatus();
  }));
  return roster;
}

void Roster::ForEachAt(absl::CivilDay day, absl::FunctionRef<void(const Member&)> each) const {
  const std::int64_t number = calendar::DateNumber(day);
  // Of several posts at a time the first counts, or the first as headteacher.
  std::optional<Member> member;
  for (const Held& post : posts_) {
    if (post.start > number || post.end < number) continue;
    if (!member || member->person != post.member.person) {
      if (member) each(*member);
      member = post.member;
    } else if (post.member.headteacher && !member->headteacher) {
      member = post.member;
    }
  }
  if (member) each(*member);
}

std::vector<domain::StaffMember> Roster::At(absl::CivilDay day) const {
  std::vector<domain::StaffMember> staff;
  ForEachAt(day, [&](const Member& member) {
    staff.push_back({persons_[member.person], schools_[member.school], member.headteacher});
  });
  return staff;
}

absl::StatusOr<bool> SqlDirectory::FindStaff(Session& session, std::string_view person, absl::CivilDay day,
                                             domain::StaffMember* member) const {
  FIVESTRAND_ASSIGN_OR_RETURN(const Roster roster, Roster::Load(session, names::TrustOf(person), person));
  std::vector<domain::StaffMember> staff = roster.At(day);
  if (staff.empty()) return false;
  *member = std::move(staff.front());
  return true;
}

absl::StatusOr<std::vector<domain::StaffMember>> SqlDirectory::ListStaff(Session& session, std::string_view trust,
                                                                         absl::CivilDay day) const {
  FIVESTRAND_ASSIGN_OR_RETURN(const Roster roster, Roster::Load(session, trust));
  return roster.At(day);
}

absl::StatusOr<std::vector<std::string>> SqlDirectory::Holders(Session& session, std::string_view trust, identity::Role role,
                                                               absl::CivilDay day) const {
  std::vector<std::string> persons;
  const auto add = [&](const Row& row) {
    persons.emplace_back(row.Text(0));
    return absl::OkStatus();
  };
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT DISTINCT person FROM role_grant WHERE trust = $1 AND delete_time IS NULL AND role = $2 AND state = $3 AND start_date "
      "<= $4 AND (end_date IS NULL OR end_date >= $4)",
      {trust, static_cast<int>(role), static_cast<int>(RoleGrant::CONFIRMED), calendar::DateNumber(day)}, add));
  if (role == type::v1::ROLE_CEO) {
    FIVESTRAND_RETURN_IF_ERROR(
        session.Query("SELECT DISTINCT person FROM post WHERE trust = $1 AND delete_time IS NULL AND kind = $2 AND start_date <= "
                      "$3 AND (end_date "
                      "IS NULL OR end_date >= $3)",
                      {trust, static_cast<int>(Post::CEO), calendar::DateNumber(day)}, add));
  }
  std::sort(persons.begin(), persons.end());
  persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
  return persons;
}

absl::StatusOr<bool> SqlDirectory::Manages(Session& session, std::string_view manager, std::string_view report,
                                           absl::CivilDay day) const {
  return session.QueryOne(
      "SELECT 1 FROM line_management WHERE trust = $1 AND delete_time IS NULL AND manager = $2 AND report = $3 AND start_date <= "
      "$4 "
      "AND (end_date IS NULL OR end_date >= $4) LIMIT 1",
      {names::TrustOf(report), manager, report, calendar::DateNumber(day)}, [](const Row&) { return absl::OkStatus(); });
}

}  // namespace fivestrand::welfare::store
