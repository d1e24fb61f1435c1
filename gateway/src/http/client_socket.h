// An outgoing connection on a loop.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_CLIENT_SOCKET_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_CLIENT_SOCKET_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"

namespace fivestrand::gateway::http {

// What a client shows and whom it believes. Shared by connections, immutable.
class ClientTls {
 public:
  // PEM files; certificate and key may be empty together. Speaks HTTP/2 only.
  static absl::StatusOr<std::shared_ptr<ClientTls>> Load(const std::string& ca_file, const std::string& certificate_file,
                                                         const std::string& key_file);
  virtual ~ClientTls() = default;
};

// Used on its loop only. Events come on the loop, never from within a call of these functions.
class ClientSocket {
 public:
  struct Events {
    // "" when the connection (and TLS on it) stands, else what went wrong; after that nothing comes any more.
    absl::AnyInvocable<void(const std::string& error)> on_connected;
    absl::AnyInvocable<void(std::string_view data)> on_data;
    // Everything given to Write has left.
    absl::AnyInvocable<void()> on_drained;
    // The peer, or the network, ended it. The last event.
    absl::AnyInvocable<void()> on_closed;
  };

  virtual ~ClientSocket() = default;
  // `target`: host:port or unix:/path. Tries the addresses of the host one after the other. Once.
  virtual void Connect(const std::string& target, Events events) = 0;
  virtual void Write(std::string data) = 0;
  virtual size_t buffered() const = 0;
  // No event follows.
  virtual void Close() = 0;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_CLIENT_SOCKET_H_
