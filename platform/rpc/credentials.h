// gRPC credentials out of files. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_CREDENTIALS_H_
#define FIVESTRAND_PLATFORM_RPC_CREDENTIALS_H_

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <memory>

#include "absl/status/statusor.h"

#include "platform/rpc/tls.h"

namespace fivestrand::rpc {

// INVALID_ARGUMENT when files are missing or cannot be read.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentialsOf(const TlsFiles& files);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelCredentialsOf(const TlsFiles& files);

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_CREDENTIALS_H_
