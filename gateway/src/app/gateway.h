// All parts of the gateway, put together.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_H_
#define FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "gateway/src/app/gateway_config.h"
#include "gateway/src/app/upstreams.h"

namespace fivestrand::app {
class Service;
}

namespace fivestrand::gateway {

class Gateway {
 public:
  // Opens the keys and the portal's files. `service` and `config` must outlive the gateway.
  static absl::StatusOr<std::unique_ptr<Gateway>> Open(app::Service* service, const GatewayConfig* config, ListenOf listen_of);
  ~Gateway();

  // Connects to the services and serves. Called once.
  absl::Status Serve();
  // Takes no new work; returns when what is under way has ended, or at the deadline.
  void Shutdown(absl::Time deadline);
  // Reads the signing keys and the HTTP server's certificate again, in case that they were renewed.
  absl::Status ReloadKeys();
  // Asks every service whether it is there, for the metric fivestrand_gateway_upstream_up and for the next; returns at once.
  void AskServices();
  // Whether leadership has answered since the start.
  bool leadership_answered() const;
  // What is wrong with a service, for people; empty when nothing is. From any thread.
  std::string TroubleOf(std::string_view service) const;
  int port() const;

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_H_
