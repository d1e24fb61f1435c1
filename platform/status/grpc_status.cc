#include "platform/status/grpc_status.h"

#include <grpcpp/support/status.h>

#include "google/rpc/status.pb.h"

#include "platform/status/rpc_status.h"

namespace fivestrand::status {

grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view request_id) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status rpc;
  ToRpcStatus(status, request_id, &rpc);
  return grpc::Status(static_cast<grpc::StatusCode>(rpc.code()), rpc.message(), rpc.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status rpc;
  // The code and text of the call itself win: a peer that sends other details must not change them.
  if (status.error_details().empty() || !rpc.ParseFromString(status.error_details())) rpc.Clear();
  rpc.set_code(static_cast<int>(status.error_code()));
  rpc.set_message(status.error_message());
  return FromRpcStatus(rpc);
}

}  // namespace fivestrand::status
