#include "services/organisation/store/directory.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"

#include "platform/calendar/date_number.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/organisation/store/records.h"

namespace fivestrand::organisation {
namespace {

using leadership::v1::Post;
using store::Row;
using store::Session;

// More posts than a person or managers than a report can have; a wrong import must not fill the memory.
constexpr int kMost = 1000;

// Both days belong to it; an absent end is open.
constexpr std::string_view kHolds = " AND delete_time IS NULL AND start_date <= $3 AND (end_date IS NULL OR end_date >= $3)";

absl::StatusOr<Names> ReadNames(Session& session, std::string_view sql, store::Params params) {
  Names names;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, params, [&](const Row& row) {
    names.emplace_back(row.Text(0));
    return absl::OkStatus();
  }));
  return names;
}

void SortAndUnite(Names* names) {
  std::sort(names->begin(), names->end());
  names->erase(std::unique(names->begin(), names->end()), names->end());
}

bool AnswersFor(const Post& post, std::string_view school) {
  return std::find(post.responsible_schools().begin(), post.responsible_schools().end(), school) !=
         post.responsible_schools().end();
}

}  // namespace

absl::StatusOr<Names> LineManagersOf(Session& session, std::string_view person, absl::CivilDay day) {
  return ReadNames(session,
                   absl::StrCat("SELECT DISTINCT manager FROM line_management WHERE trust = $1 AND report = $2", AbslView(kHolds),
                                " ORDER BY manager LIMIT ", kMost),
                   {names::TrustOf(person), person, calendar::DateNumber(day)});
}

absl::StatusOr<Names> ReportsOf(Session& session, std::string_view person, absl::CivilDay day) {
  return ReadNames(session,
                   absl::StrCat("SELECT DISTINCT report FROM line_management WHERE trust = $1 AND manager = $2", AbslView(kHolds),
                                " ORDER BY report LIMIT ", kMost),
                   {names::TrustOf(person), person, calendar::DateNumber(day)});
}

absl::StatusOr<Names> HoldersOf(Session& session, std::string_view place, absl::Span<const Post::Kind> kinds, absl::CivilDay day) {
  const std::string_view school = names::SchoolNameOf(place);
  Names holders;
  for (const Post::Kind kind : kinds) {
    if (kind == Post::EXECUTIVE_HEADTEACHER && !school.empty()) {
      // Of which schools stands in the record alone; a trust has a handful of these.
      std::vector<Post> posts;
      FIVESTRAND_RETURN_IF_ERROR(ReadRecords(
          session,
          absl::StrCat("SELECT record FROM post WHERE trust = $1 AND kind = $2", AbslView(kHolds), " ORDER BY path LIMIT ", kMost),
          {names::TrustOf(place), static_cast<std::int64_t>(kind), calendar::DateNumber(day)}, &posts));
      for (const Post& post : posts) {
        if (post.school() == school || AnswersFor(post, school)) holders.push_back(post.person());
      }
      continue;
    }
    FIVESTRAND_ASSIGN_OR_RETURN(
        Names found, ReadNames(session,
                               absl::StrCat("SELECT DISTINCT person FROM post WHERE trust = $1 AND school = $2", AbslView(kHolds),
                                            " AND kind = $4 ORDER BY person LIMIT ", kMost),
                               {names::TrustOf(place), school, calendar::DateNumber(day), static_cast<std::int64_t>(kind)}));
    holders.insert(holders.end(), found.begin(), found.end());
  }
  SortAndUnite(&holders);
  return holders;
}

absl::StatusOr<std::vector<Post>> PostsOf(Session& session, std::string_view person, absl::CivilDay day) {
  std::vector<Post> posts;
  FIVESTRAND_RETURN_IF_ERROR(ReadRecords(
      session,
      absl::StrCat("SELECT record FROM post WHERE trust = $1 AND person = $2", AbslView(kHolds), " ORDER BY path LIMIT ", kMost),
      {names::TrustOf(person), person, calendar::DateNumber(day)}, &posts));
  return posts;
}

absl::StatusOr<Names> SchoolsOf(Session& session, std::string_view person, absl::CivilDay day) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<Post> posts, PostsOf(session, person, day));
  Names schools;
  for (const Post& post : posts) {
    if (!post.school().empty()) schools.push_back(post.school());
    schools.insert(schools.end(), post.responsible_schools().begin(), post.responsible_schools().end());
  }
  SortAndUnite(&schools);
  return schools;
}

absl::StatusOr<Names> StaffOf(Session& session, std::string_view school, absl::CivilDay day) {
  return ReadNames(session,
                   "SELECT DISTINCT post.person FROM post JOIN person ON person.trust = post.trust AND post.person = 'trusts/' || "
                   "person.trust || '/' || person.path "
                   "WHERE post.trust = $1 AND post.school = $2 AND post.delete_time IS NULL AND post.start_date <= $3 "
                   "AND (post.end_date IS NULL OR post.end_date >= $3) AND person.delete_time IS NULL "
                   "AND (person.end_date IS NULL OR person.end_date >= $3) ORDER BY post.person LIMIT 20000",
                   {names::TrustOf(school), school, calendar::DateNumber(day)});
}

}  // namespace fivestrand::organisation
