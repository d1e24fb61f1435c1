#include "platform/identity/access.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/names/names.h"
#include "platform/status/views.h"

namespace fivestrand::identity {
namespace {

bool Fits(std::string_view rule, std::string_view permission) {
  if (rule == "*") return true;
  if (rule.ends_with(".*")) return permission.starts_with(rule.substr(0, rule.size() - 1));
  return rule == permission;
}

bool ValidRule(std::string_view permission) {
  if (permission.empty()) return false;
  const size_t star = permission.find('*');
  if (star == std::string_view::npos) return true;
  return star + 1 == permission.size() && (star == 0 || permission[star - 1] == '.');
}

// Whether a grant lets its holder into the scope at all, through a rule of this reach. At trust level (no school) a grant that
// names schools has no rows of its own, except those that are the caller's.
bool Enters(Reach reach, const Grant& grant, std::string_view school) {
  switch (reach) {
    case Reach::kTrust:
      return true;
    case Reach::kSchool:
    case Reach::kSubjectOrYear:
      if (school.empty()) return grant.WholeTrust();
      return school == names::kAny || grant.CoversSchool(school);
    case Reach::kOwn:
    case Reach::kRowSchool:
      return school.empty() || school == names::kAny || grant.CoversSchool(school);
  }
  return false;
}

// Whether that grant and reach take in every row of a scope that they let into.
bool TakesAll(Reach reach, const Grant& grant, std::string_view school) {
  switch (reach) {
    case Reach::kTrust:
      return true;
    case Reach::kSchool:
      return school != names::kAny || grant.WholeTrust();
    case Reach::kSubjectOrYear:
      return !grant.Limited() && (school != names::kAny || grant.WholeTrust());
    case Reach::kRowSchool:
      return grant.WholeTrust() || (!school.empty() && school != names::kAny);
    case Reach::kOwn:
      return false;
  }
  return false;
}

bool Contains(const std::vector<std::string>& ids, std::string_view id) {
  return !id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool WithinLimits(const Grant& grant, const RowFacts& row) {
  if (!grant.Limited()) return true;
  return Contains(grant.subjects, row.subject) || Contains(grant.classes, row.class_id) ||
         (row.year_group != 0 &&
          std::find(grant.year_groups.begin(), grant.year_groups.end(), row.year_group) != grant.year_groups.end());
}

bool LetsIn(const Reached& reached, const RowFacts& row) {
  if (row.restricted && reached.reach != Reach::kOwn) return false;
  const Grant& grant = *reached.grant;
  const bool in_schools = row.school.empty() ? grant.WholeTrust() : grant.CoversSchool(row.school);
  switch (reached.reach) {
    case Reach::kTrust:
      return true;
    case Reach::kSchool:
      return in_schools;
    case Reach::kSubjectOrYear:
      return in_schools && WithinLimits(grant, row);
    case Reach::kOwn:
      return row.own && (row.school.empty() || in_schools);
    case Reach::kRowSchool:
      if (!row.school.empty() || row.row_school.empty()) return in_schools;
      return grant.CoversSchool(row.row_school);
  }
  return false;
}

const char* ReachText(Reach reach) {
  switch (reach) {
    case Reach::kTrust:
      return "trust";
    case Reach::kSchool:
      return "school";
    case Reach::kSubjectOrYear:
      return "subject or year";
    case Reach::kOwn:
      return "own";
    case Reach::kRowSchool:
      return "school of the record";
  }
  return "";
}

// "Executive headteacher" out of ROLE_EXECUTIVE_HEADTEACHER, "HR director" out of ROLE_HR_DIRECTOR.
std::string RoleText(Role role) {
  if (role == type::v1::ROLE_SENDCO) return "SENDCo";
  std::string text;
  for (absl::string_view word : absl::StrSplit(absl::StripPrefix(type::v1::Role_Name(role), "ROLE_"), '_')) {
    const bool abbreviation = word == "CEO" || word == "HR" || word == "SEND" || word == "CPD";
    std::string written = abbreviation ? std::string(word) : absl::AsciiStrToLower(word);
    if (text.empty()) written[0] = absl::ascii_toupper(written[0]);
    absl::StrAppend(&text, text.empty() ? "" : " ", written);
  }
  return text;
}

}  // namespace

bool Access::Includes(const RowFacts& row) const {
  if (!allowed) return false;
  if (everything && !row.restricted) return true;
  return std::any_of(reached.begin(), reached.end(), [&](const Reached& one) { return LetsIn(one, row); });
}

absl::StatusOr<AccessTable> AccessTable::Compile(absl::Span<const AccessRule> rules, absl::Span<const std::string> permissions) {
  AccessTable table;
  for (const std::string& permission : permissions) table.entries_.try_emplace(permission);
  for (const AccessRule& rule : rules) {
    const std::string text(rule.permission);
    if (rule.role == type::v1::ROLE_UNSPECIFIED || !type::v1::Role_IsValid(rule.role)) {
      return absl::InvalidArgumentError(absl::StrCat("access rule for '", text, "' has no role"));
    }
    if (!ValidRule(rule.permission)) {
      return absl::InvalidArgumentError(absl::StrCat("access rule '", text, "': '*' may stand only for the last segments"));
    }
    bool used = false;
    for (auto& [permission, entries] : table.entries_) {
      if (!Fits(rule.permission, permission)) continue;
      used = true;
      const bool known = std::any_of(entries.begin(), entries.end(),
                                     [&](const Entry& entry) { return entry.role == rule.role && entry.reach == rule.reach; });
      if (!known) entries.push_back({rule.role, rule.reach});
    }
    if (!used) return absl::InvalidArgumentError(absl::StrCat("access rule '", text, "' fits no permission that is asked for"));
  }
  return table;
}

Access AccessTable::Decide(const Caller& caller, std::string_view permission, std::string_view school, absl::Time now) const {
  Access access;
  const auto found = entries_.find(AbslView(permission));
  if (found == entries_.end()) return access;
  for (const Grant& grant : caller.grants) {
    if (!grant.Holds(now)) continue;
    for (const Entry& entry : found->second) {
      if (entry.role != grant.role || !Enters(entry.reach, grant, school)) continue;
      access.allowed = true;
      access.everything = access.everything || TakesAll(entry.reach, grant, school);
      access.reached.push_back({entry.reach, &grant});
    }
  }
  return access;
}

Access AccessTable::DecideFor(const Caller& caller, std::string_view permission, std::string_view name, absl::Time now) const {
  // A name of no trust reads as trust "", which only a service or operator without a trust may enter.
  if (!caller.MayEnterTrust(names::TrustOf(name))) return {};
  return Decide(caller, permission, names::SchoolOf(name), now);
}

std::string AccessTable::MarkdownTable() const {
  std::set<Role> roles;
  std::map<std::string, std::map<Role, std::set<Reach>>> rows;
  for (const auto& [permission, entries] : entries_) {
    auto& row = rows[permission];
    for (const Entry& entry : entries) {
      roles.insert(entry.role);
      row[entry.role].insert(entry.reach);
    }
  }
  std::string out = "| permission |";
  for (Role role : roles) absl::StrAppend(&out, " ", RoleText(role), " |");
  out += "\n|---|";
  for (size_t i = 0; i < roles.size(); ++i) out += "---|";
  out += "\n";
  for (auto& [permission, row] : rows) {
    absl::StrAppend(&out, "| `", permission, "` |");
    for (Role role : roles) {
      std::string cell;
      for (Reach reach : row[role]) absl::StrAppend(&cell, cell.empty() ? "" : ", ", ReachText(reach));
      absl::StrAppend(&out, " ", cell, cell.empty() ? "|" : " |");
    }
    out += "\n";
  }
  return out;
}

}  // namespace fivestrand::identity
