// The JSON of the addresses under /auth.
#ifndef FIVESTRAND_GATEWAY_SRC_SESSION_AUTH_JSON_H_
#define FIVESTRAND_GATEWAY_SRC_SESSION_AUTH_JSON_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace fivestrand::leadership::v1 {
class Identity;
class ListSchoolsResponse;
}  // namespace fivestrand::leadership::v1

namespace fivestrand::gateway::session {

struct ResolvedPerson;

std::string MeJson(const ResolvedPerson& person, const leadership::v1::ListSchoolsResponse& schools);
void AppendPersonJson(const leadership::v1::Identity& identity, std::string* out);
std::string TokenJson(std::string_view token, absl::Time expires);

// {"person": "..."}; nullopt when the body is anything else.
std::optional<std::string> ReadSignIn(std::string_view body);

}  // namespace fivestrand::gateway::session

#endif  // FIVESTRAND_GATEWAY_SRC_SESSION_AUTH_JSON_H_
