// What stands in an identity token. For the sources of platform/identity only.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_CLAIMS_H_
#define FIVESTRAND_PLATFORM_IDENTITY_CLAIMS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "platform/identity/caller.h"

namespace fivestrand::identity {

// Header typ; a token of an OIDC provider or for another purpose has another.
inline constexpr std::string_view kTokenType = "fivestrand+jwt";

struct Claims {
  std::string issuer;
  std::string audience;
  absl::Time issued;
  absl::Time not_before;
  // `caller.expires` and `caller.token_id` are the claims exp and jti.
  Caller caller;
};

// JSON; times in whole seconds. A grant is an array [role, schools, year groups, subjects, classes, start, end], of which trailing
// empty members are left out: a token travels with every call.
std::string WriteClaims(const Claims& claims);

// Empty when it is not what WriteClaims writes, or has more than kMaxGrants grants. Members that are not known are ignored.
std::optional<Claims> ReadClaims(std::string_view json);

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_CLAIMS_H_
