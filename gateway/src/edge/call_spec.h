// What a request tells the service besides its message: identity, deadline, ids, metadata.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_CALL_SPEC_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_CALL_SPEC_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "gateway/src/http/message.h"
#include "gateway/src/session/authenticator.h"
#include "gateway/src/upstream/upstream.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace fivestrand::gateway::edge {

struct Deadlines {
  absl::Duration initial = absl::Seconds(10);  // when the client gives none
  absl::Duration max = absl::Seconds(60);
  // Of a method that takes a stream.
  absl::Duration initial_upload = absl::Minutes(10);
  absl::Duration max_upload = absl::Minutes(30);
};

// X-Request-Id as it came when it is a short word of letters, digits, '-' and '_'; otherwise "".
std::string_view GivenRequestId(const http::Request& request);

// The time that the client allows: grpc-timeout, or X-Timeout in the same form or in seconds ("2.5"). INVALID_ARGUMENT for anything
// else; nullopt when it gives none.
absl::StatusOr<std::optional<absl::Duration>> GivenTimeout(const http::Request& request);

// When a call has to be over. A server stream without a timeout ends with its token; the service notices that first.
absl::Time DeadlineOf(std::optional<absl::Duration> timeout, const google::protobuf::MethodDescriptor& method,
                      absl::Time token_expires, absl::Time now, const Deadlines& deadlines);

// authorization, x-request-id, a traceparent that is one, and what the client adds under names that begin with "x-" or end with
// "-bin".
upstream::Metadata MetadataOf(const http::Request& request, const session::Credentials& credentials, const std::string& request_id);

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_CALL_SPEC_H_
