// Who calls: what a verified identity token says.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_CALLER_H_
#define FIVESTRAND_PLATFORM_IDENTITY_CALLER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace fivestrand::type::v1 {
enum Role : int;
}

namespace fivestrand::identity {

using type::v1::Role;

// One role within a scope and a time. Roles add up; nothing subtracts.
struct Grant {
  Role role{};
  // Resource ids. None: the whole trust.
  std::vector<std::string> schools;
  // Numbers of fivestrand.type.v1.YearGroup; resource ids of subjects and classes. They matter only to rules that reach by subject
  // or year: a row is in when any of the three has it, or when the grant names none at all.
  std::vector<int32_t> year_groups;
  std::vector<std::string> subjects;
  std::vector<std::string> classes;
  // Counts in [start, end).
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();

  bool Holds(absl::Time now) const { return start <= now && now < end; }
  bool WholeTrust() const { return schools.empty(); }
  // Whether it names subjects, year groups or classes.
  bool Limited() const { return !subjects.empty() || !year_groups.empty() || !classes.empty(); }
  bool CoversSchool(std::string_view school) const;

  friend bool operator==(const Grant&, const Grant&) = default;
};

// A person or an application of one trust, a process of the suite, or an operator. Immutable once verified.
struct Caller {
  // Full resource name: "trusts/t/people/p", "trusts/t/applications/a", "services/gateway", "operators/cli".
  std::string subject;
  // Resource id. Empty for a service or an operator that works for every trust; never empty for a person or an application.
  std::string trust;
  std::vector<Grant> grants;
  // When the token ends; a stream ends with it.
  absl::Time expires;
  // Id of the token, for the log and the audit trail.
  std::string token_id;

  // Whether the subject is of that kind and holds the role that only that kind can have.
  bool IsService() const;
  bool IsOperator() const;
  // A grant with this role, whatever its scope, that counts at `now`.
  bool HasRole(Role role, absl::Time now) const;
  // Whether calls about `trust` are this caller's business at all: its own trust, or any for a service or operator without one.
  bool MayEnterTrust(std::string_view trust) const;
};

// The rules that hold for every caller, checked when a token is signed and when it is verified: the subject is a resource name of
// one of the four kinds, a person or application is of `trust`, and only services hold ROLE_SERVICE and only operators
// ROLE_OPERATOR. False when one is broken.
bool WellFormed(const Caller& caller);

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_CALLER_H_
