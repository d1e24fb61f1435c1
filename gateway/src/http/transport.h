// Connections on real sockets. Included by server.cc only.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_TRANSPORT_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_TRANSPORT_H_

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "gateway/src/http/loop.h"

namespace fivestrand::gateway::http {

// Certificate and key, shared by the connections that were made with them.
class TlsContext {
 public:
  static absl::StatusOr<std::shared_ptr<TlsContext>> Load(const std::string& certificate_file, const std::string& key_file);
  virtual ~TlsContext() = default;
};

// Starts serving a fresh socket on `loop`, whose thread this must be. `tls` is null for a plain connection.
void Serve(boost::asio::ip::tcp::socket socket, IoLoop* loop, std::shared_ptr<TlsContext> tls);

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_TRANSPORT_H_
