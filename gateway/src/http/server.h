// The HTTP/1.1 server: plain or TLS, keep-alive, limits on everything that a peer can stretch.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_SERVER_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "gateway/src/http/exchange.h"
#include "gateway/src/http/parser.h"

namespace fivestrand::gateway::http {

// What the access log and the metrics learn about an answer.
struct AccessRecord {
  Method method = Method::kOther;
  std::string_view route_kind;     // "" when no route was set
  std::string_view route_pattern;  // "" when no route was set
  std::string_view request_id;
  int status = 0;  // 499 when the peer left first
  uint64_t request_bytes = 0;
  uint64_t response_bytes = 0;
  double seconds = 0;
};

struct ServerOptions {
  // Numeric address.
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0 lets the system choose
  // PEM files; both or neither.
  std::string tls_certificate_file;
  std::string tls_key_file;

  int threads = 1;
  size_t max_connections = 4096;
  ParserLimits limits;

  // From the connection's first byte, or its acceptance, to the end of a header or a TLS handshake.
  std::chrono::milliseconds header_timeout{10'000};
  // A body or an answer may take this long, and that long again as long as each such span moves `min_bytes_per_second` on average.
  std::chrono::milliseconds body_timeout{15'000};
  std::chrono::milliseconds write_timeout{30'000};
  uint64_t min_bytes_per_second = 4096;
  std::chrono::milliseconds idle_timeout{75'000};
  // After an answer that closes the connection: how long what the peer still sends is read away, so that it can read the answer.
  std::chrono::milliseconds linger_timeout{2'000};
  // How often timeouts are looked at.
  std::chrono::milliseconds tick{250};

  // Of the Date header.
  std::function<absl::Time()> wall_clock = [] {
    return absl::Now();
  };

  // Called on a loop's thread for each answer. The record is valid during the call.
  std::function<void(const AccessRecord&)> on_answer;
  // Called on a loop's thread with +1 and -1; `refused` for those turned away at the limit.
  std::function<void(int change)> on_connections;
  std::function<void()> on_refused;
};

class Server {
 public:
  // Binds and starts serving. `handler` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Handler* handler);

  virtual ~Server() = default;
  virtual uint16_t port() const = 0;
  virtual int threads() const = 0;
  virtual Loop& loop(int i) = 0;

  // Reads certificate and key again, for connections to come; does nothing for a plain server. Safe from any thread but a loop's.
  // On an error the old ones stay.
  virtual absl::Status ReloadCertificate() = 0;

  // Stops accepting, closes idle connections, tells streams to end, lets answers in flight finish, and closes what is left at the
  // deadline. Returns when all connections are closed. Called once, from no loop's thread; the destructor drains with no patience.
  virtual void Drain(absl::Duration patience) = 0;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_SERVER_H_
