// Errors over REST: the JSON of google.rpc.Status under the one key `error`.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_ERROR_RESPONSE_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_ERROR_RESPONSE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

#include "gateway/src/http/message.h"
#include "gateway/src/transcode/json_writer.h"

namespace fivestrand::gateway::transcode {

// {"error":{"code":5,"message":"...","details":[...]}}
std::string ErrorJson(const JsonWriter& writer, const absl::Status& status, std::string_view request_id);

// The answer: HTTP status by the code, Retry-After and WWW-Authenticate where they belong. `http_status` overrides the mapping.
http::Response ErrorResponse(const JsonWriter& writer, const absl::Status& status, std::string_view request_id,
                             int http_status = 0);

// Content-Type and Cache-Control of every JSON answer.
inline constexpr std::string_view kJsonHeaders = "Content-Type: application/json\r\nCache-Control: no-store\r\n";

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_ERROR_RESPONSE_H_
