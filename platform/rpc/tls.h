// Certificates of a server or a client, as PEM files.
#ifndef FIVESTRAND_PLATFORM_RPC_TLS_H_
#define FIVESTRAND_PLATFORM_RPC_TLS_H_

#include <string>

namespace fivestrand::rpc {

// All empty: plain text. For a server: certificate and key are needed, and with `ca_file` each client must show a certificate
// signed by it. For a client: `ca_file` is needed, certificate and key go together. Files are read at start and again when they
// change.
struct TlsFiles {
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;

  bool empty() const { return ca_file.empty() && certificate_file.empty() && key_file.empty(); }
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_TLS_H_
