// From an HTTP request to the bytes of a method's request message.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_REST_REQUEST_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_REST_REQUEST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "gateway/src/http/message.h"
#include "gateway/src/transcode/rest_table.h"

namespace fivestrand::gateway::transcode {

// Body (but for a method that takes a stream, whose first message this is), query, path and headers, in this order, later ones
// winning. INVALID_ARGUMENT names every bad field, query key or header; the reason is MALFORMED_BODY when the body is no JSON.
//
// If-Match fills the field `etag` and Idempotency-Key the field `request_id`; either may also be given in the body, but then alike.
//
// A query parameter `own_key` is the gateway's own, and no field.
absl::StatusOr<std::string> BuildRequest(const RestBinding& binding, const std::vector<std::string>& path_values,
                                         const http::Request& request, std::string_view own_key = "");

// A message with a piece of the body of a method that takes a stream.
std::string PieceOf(const RestBinding& binding, std::string_view piece);

// Whether a body of this Content-Type is JSON.
bool IsJsonType(std::string_view content_type);
// Whether it is one that files come with.
bool IsFileType(std::string_view content_type);

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_REST_REQUEST_H_
