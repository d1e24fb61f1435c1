// Statuses as google.rpc.Status: what goes over the wire and into the REST error body.
#ifndef FIVESTRAND_PLATFORM_STATUS_RPC_STATUS_H_
#define FIVESTRAND_PLATFORM_STATUS_RPC_STATUS_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"

namespace google::rpc {
class Status;
}

namespace fivestrand::status {

// Details travel in trailers, which peers limit; the serialized status stays below this, by dropping violations from the end.
inline constexpr std::size_t kMaxStatusBytes = 4096;

// Fills `out` with what the caller may see. UNKNOWN becomes INTERNAL; INTERNAL and DATA_LOSS get a fixed sentence and RequestInfo
// with `request_id`; every error except CANCELLED has an ErrorInfo. The hidden cause never leaves.
void ToRpcStatus(const absl::Status& status, std::string_view request_id, google::rpc::Status* out);

// The opposite: details become payloads, so that the accessors of status.h work on a status that a peer sent.
absl::Status FromRpcStatus(const google::rpc::Status& status);

}  // namespace fivestrand::status

#endif  // FIVESTRAND_PLATFORM_STATUS_RPC_STATUS_H_
