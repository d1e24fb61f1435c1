#include "platform/identity/caller.h"

#include <algorithm>

#include "fivestrand/type/v1/role.pb.h"

#include "platform/names/names.h"

namespace fivestrand::identity {
namespace {

using type::v1::ROLE_OPERATOR;
using type::v1::ROLE_SERVICE;

enum class Kind { kNone, kMember, kService, kOperator };

// "people/p" or "applications/a" behind the trust, with a valid id and nothing after it.
bool NamesMember(std::string_view rest) {
  for (std::string_view collection : {"people/", "applications/"}) {
    if (rest.starts_with(collection)) return names::ValidId(rest.substr(collection.size()));
  }
  return false;
}

Kind KindOf(std::string_view subject) {
  constexpr std::string_view kServices = "services/";
  constexpr std::string_view kOperators = "operators/";
  if (subject.starts_with(kServices)) return names::ValidId(subject.substr(kServices.size())) ? Kind::kService : Kind::kNone;
  if (subject.starts_with(kOperators)) return names::ValidId(subject.substr(kOperators.size())) ? Kind::kOperator : Kind::kNone;
  const std::string_view trust = names::TrustNameOf(subject);
  if (trust.empty() || subject.size() <= trust.size() + 1) return Kind::kNone;
  return NamesMember(subject.substr(trust.size() + 1)) ? Kind::kMember : Kind::kNone;
}

bool Has(const Caller& caller, Role role) {
  return std::any_of(caller.grants.begin(), caller.grants.end(), [role](const Grant& grant) { return grant.role == role; });
}

}  // namespace

bool Grant::CoversSchool(std::string_view school) const {
  return schools.empty() || std::find(schools.begin(), schools.end(), school) != schools.end();
}

bool Caller::IsService() const {
  return KindOf(subject) == Kind::kService && Has(*this, ROLE_SERVICE);
}

bool Caller::IsOperator() const {
  return KindOf(subject) == Kind::kOperator && Has(*this, ROLE_OPERATOR);
}

bool Caller::HasRole(Role role, absl::Time now) const {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) { return grant.role == role && grant.Holds(now); });
}

bool Caller::MayEnterTrust(std::string_view name) const {
  if (!trust.empty()) return name == trust;
  return IsService() || IsOperator();
}

bool WellFormed(const Caller& caller) {
  if (!caller.trust.empty() && !names::ValidId(caller.trust)) return false;
  const Kind kind = KindOf(caller.subject);
  if (kind == Kind::kNone) return false;
  if (kind == Kind::kMember && (caller.trust.empty() || names::TrustOf(caller.subject) != caller.trust)) return false;
  for (const Grant& grant : caller.grants) {
    if (grant.role == type::v1::ROLE_UNSPECIFIED) return false;
    if (grant.role == ROLE_SERVICE && kind != Kind::kService) return false;
    if (grant.role == ROLE_OPERATOR && kind != Kind::kOperator) return false;
  }
  return true;
}

}  // namespace fivestrand::identity
