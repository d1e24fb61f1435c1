// How a call ended, in the gateway's words.
#ifndef FIVESTRAND_GATEWAY_SRC_UPSTREAM_STATUS_OF_H_
#define FIVESTRAND_GATEWAY_SRC_UPSTREAM_STATUS_OF_H_

#include <string>

#include "absl/status/status.h"

namespace fivestrand::gateway::upstream {

// `code`, `message` and `details` are what gRPC gives. Our services always send details; without them it is the library's or the
// network's own word, which may hold addresses and is kept for the log.
absl::Status StatusOf(const std::string& upstream, const std::string& path, int code, const std::string& message,
                      const std::string& details);

// The service could not be reached, or was lost during the call.
absl::Status Unreachable(const std::string& upstream, const std::string& cause);

// Too many calls are under way.
absl::Status Overloaded(const std::string& upstream);

// Keys that gRPC uses itself, or that a service's answer has no business to set at the edge.
bool IsReservedKey(std::string_view key);

}  // namespace fivestrand::gateway::upstream

#endif  // FIVESTRAND_GATEWAY_SRC_UPSTREAM_STATUS_OF_H_
