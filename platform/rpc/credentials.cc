#include "platform/rpc/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <string>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

namespace tls = grpc::experimental;

constexpr unsigned int kRefreshSeconds = 60;

// gRPC itself only finds out at the first handshake, and then says little.
absl::Status CheckFiles(const TlsFiles& files) {
  if (files.certificate_file.empty() != files.key_file.empty()) {
    return status::InvalidField("tls", "needs the certificate and its key, or neither");
  }
  for (const std::string& path : {files.ca_file, files.certificate_file, files.key_file}) {
    if (!path.empty() && access(path.c_str(), R_OK) != 0) return status::InvalidField("tls", absl::StrCat(path, " cannot be read"));
  }
  return absl::OkStatus();
}

std::shared_ptr<tls::CertificateProviderInterface> ProviderOf(const TlsFiles& files) {
  return std::make_shared<tls::FileWatcherCertificateProvider>(files.key_file, files.certificate_file, files.ca_file,
                                                               kRefreshSeconds);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentialsOf(const TlsFiles& files) {
  if (files.empty()) return grpc::InsecureServerCredentials();
  FIVESTRAND_RETURN_IF_ERROR(CheckFiles(files));
  if (files.certificate_file.empty()) return status::InvalidField("tls", "needs a certificate and its key");
  tls::TlsServerCredentialsOptions options(ProviderOf(files));
  options.watch_identity_key_cert_pairs();
  if (!files.ca_file.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelCredentialsOf(const TlsFiles& files) {
  if (files.empty()) return grpc::InsecureChannelCredentials();
  FIVESTRAND_RETURN_IF_ERROR(CheckFiles(files));
  if (files.ca_file.empty()) return status::InvalidField("tls", "needs the authority that signs the peer's certificate");
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(ProviderOf(files));
  options.watch_root_certs();
  if (!files.certificate_file.empty()) options.watch_identity_key_cert_pairs();
  return tls::TlsCredentials(options);
}

}  // namespace fivestrand::rpc
