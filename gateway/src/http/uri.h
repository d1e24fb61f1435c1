// Percent-encoding and queries.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_URI_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_URI_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fivestrand::gateway::http {

// nullopt when a '%' is not followed by two hexadecimal digits, or when a NUL or other control character comes out.
// `keep_slash` leaves "%2F" as it stands, so that a decoded segment cannot grow a separator.
std::optional<std::string> PercentDecode(std::string_view text, bool keep_slash = false);

struct QueryParameter {
  std::string key, value;
};

// Reads "a=1&b=x+y". nullopt on bad encoding or with more than `max` parameters.
std::optional<std::vector<QueryParameter>> ParseQuery(std::string_view query, size_t max = 200);

// The value of a cookie of that name in a Cookie header, or nullopt. A name that stands twice counts as absent: it is not for us to
// guess which one is genuine.
std::optional<std::string_view> FindCookie(std::string_view cookie_header, std::string_view name);

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_URI_H_
