// The one mapping between absl::Status and grpc::Status.
#ifndef FIVESTRAND_PLATFORM_STATUS_GRPC_STATUS_H_
#define FIVESTRAND_PLATFORM_STATUS_GRPC_STATUS_H_

#include <string_view>

#include "absl/status/status.h"

namespace grpc {
class Status;
}

namespace fivestrand::status {

// As ToRpcStatus; the details go to grpc-status-details-bin.
grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view request_id);

// Keeps code, message and details. A code outside 0-16 becomes INTERNAL.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace fivestrand::status

#endif  // FIVESTRAND_PLATFORM_STATUS_GRPC_STATUS_H_
