#include "gateway/src/upstream/status_of.h"

#include <grpcpp/support/status.h>

#include "absl/strings/str_cat.h"

#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::upstream {

bool IsReservedKey(std::string_view key) {
  return key.starts_with("grpc-") || key.starts_with(":") || key == "content-type" || key == "user-agent" || key == "te" ||
         key == "date" || key == "server" || key == "set-cookie";
}

absl::Status Unreachable(const std::string& upstream, const std::string& cause) {
  return status::WithHiddenCause(status::Unavailable(status::Reason::kUpstreamUnavailable,
                                                     absl::StrCat("the ", upstream, " service does not answer"), absl::Seconds(1)),
                                 cause);
}

absl::Status Overloaded(const std::string& upstream) {
  return status::Exhausted(status::Reason::kOverloaded, absl::StrCat("too many calls to the ", upstream, " service are under way"),
                           absl::Seconds(1));
}

absl::Status StatusOf(const std::string& upstream, const std::string& path, int code, const std::string& message,
                      const std::string& details) {
  if (code == 0) return absl::OkStatus();
  if (!details.empty()) return status::FromGrpcStatus(grpc::Status(static_cast<grpc::StatusCode>(code), message, details));
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
      return Unreachable(upstream, message);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return status::DeadlineExceeded();
    case grpc::StatusCode::CANCELLED:
      return status::Cancelled();
    case grpc::StatusCode::UNIMPLEMENTED:
      return status::Unimplemented(path.substr(1));
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return status::WithHiddenCause(status::Exhausted(status::Reason::kOverloaded,
                                                       "a message is larger than a service or the gateway takes", absl::Seconds(1)),
                                     message);
    default:
      return status::Internal(absl::StrCat(upstream, " ", path, ": ", message));
  }
}

}  // namespace fivestrand::gateway::upstream
