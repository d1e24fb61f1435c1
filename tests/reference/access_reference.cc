// Prints docs/reference/access.md: who may do what, as the programs decide it. ./dev fix runs it.
#include <algorithm>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/access.h"
#include "platform/identity/roles.h"
#include "services/assessment/domain/access.h"
#include "services/cpd/domain/access.h"
#include "services/leadership/domain/access.h"
#include "services/welfare/domain/access.h"

namespace {

using fivestrand::identity::AccessRule;
using fivestrand::identity::Reach;
using fivestrand::identity::Role;

std::string RoleName(Role role) {
  std::string name = absl::AsciiStrToLower(fivestrand::type::v1::Role_Name(role));
  if (absl::StartsWith(name, "role_")) name.erase(0, 5);
  return absl::StrReplaceAll(name, {{"_", " "}});
}

// Roles in the order of the contract; the groups that roles.h names under one name.
std::string RolesText(std::set<Role> roles) {
  std::vector<std::string> words;
  const auto fold = [&](absl::Span<const Role> group, std::string_view name) {
    if (!std::all_of(group.begin(), group.end(), [&](Role role) { return roles.count(role) != 0; })) return;
    for (const Role role : group) roles.erase(role);
    words.emplace_back(name);
  };
  fold(fivestrand::identity::kMembers, "every member");
  fold(fivestrand::identity::kEmployees, "every employee");
  fold(fivestrand::identity::kSchoolStaff, "school staff");
  for (const Role role : roles) words.push_back(RoleName(role));
  return absl::StrJoin(words, ", ");
}

std::string ReachName(Reach reach) {
  switch (reach) {
    case Reach::kTrust:
      return "trust";
    case Reach::kSchool:
      return "granted schools";
    case Reach::kSubjectOrYear:
      return "granted subjects and years";
    case Reach::kOwn:
      return "own";
    case Reach::kRowSchool:
      return "records of granted schools";
  }
  return "";
}

std::string Listed(absl::Span<const Role> roles, absl::Span<const Role> without = {}) {
  std::vector<std::string> words;
  for (const Role role : roles) {
    if (std::find(without.begin(), without.end(), role) == without.end()) words.push_back(RoleName(role));
  }
  return absl::StrJoin(words, ", ");
}

struct Row {
  std::string permission;
  std::vector<std::pair<Reach, std::set<Role>>> roles;
};

struct Rules {
  std::string service;
  absl::Span<const AccessRule> rules;
};

std::vector<Rules> AllRules() {
  return {{"assessment", fivestrand::assessment::domain::AccessRules()},
          {"cpd", fivestrand::cpd::domain::AccessRules()},
          {"leadership", fivestrand::leadership::domain::AccessRules()},
          {"welfare", fivestrand::welfare::domain::AccessRules()}};
}

// What several services ask for, such as the right to figures, has a row for each: they need not agree.
std::string Label(const std::string& service, std::string_view permission) {
  const std::string text = absl::StrCat("`", std::string(permission), "`");
  return absl::StartsWith(std::string(permission), service + ".") ? text : absl::StrCat(text, " of ", service);
}

void Group(const Rules& from, std::vector<Row>* into) {
  std::vector<Row>& rows = *into;
  for (const AccessRule& rule : from.rules) {
    const std::string label = Label(from.service, rule.permission);
    auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& candidate) { return candidate.permission == label; });
    if (row == rows.end()) row = rows.insert(rows.end(), Row{label, {}});
    auto reached =
        std::find_if(row->roles.begin(), row->roles.end(), [&](const auto& candidate) { return candidate.first == rule.reach; });
    if (reached == row->roles.end()) reached = row->roles.insert(row->roles.end(), {rule.reach, {}});
    reached->second.insert(rule.role);
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.permission < b.permission; });
}

}  // namespace

int main() {
  std::cout
      << "# Access\n\n<!-- Written by ./dev fix; changes here are lost. -->\n\n"
         "Denied unless a row allows it. A permission that ends in `*` stands for all of its collection. A role reaches the whole "
         "trust,\n"
         "the schools of its grant, there only the granted subjects and years, only records that say that they belong to them, or "
         "only records that name the caller (own).\n\n"
         "School staff are: "
      << Listed(fivestrand::identity::kSchoolStaff)
      << ". An employee is any of these or: " << Listed(fivestrand::identity::kEmployees, fivestrand::identity::kSchoolStaff)
      << ". A member is an employee or a director.\n\n"
         "| permission | roles and how far they reach |\n| --- | --- |\n";
  std::vector<Row> rows;
  for (const Rules& rules : AllRules()) Group(rules, &rows);
  for (const Row& row : rows) {
    std::vector<std::string> cells;
    for (const auto& [reach, roles] : row.roles) cells.push_back(absl::StrCat(ReachName(reach), ": ", RolesText(roles)));
    std::cout << "| " << row.permission << " | " << absl::StrJoin(cells, "; ") << " |\n";
  }
  return 0;
}
