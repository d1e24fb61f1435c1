// Asks the services whether they are there.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_PROBE_H_
#define FIVESTRAND_GATEWAY_SRC_APP_PROBE_H_

#include <atomic>
#include <memory>
#include <vector>

#include "gateway/src/http/exchange.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway {

class GatewayMetrics;

// Thread-safe.
class Probe {
 public:
  // Sets the gauge of each service that it will ask; 0 until it answered.
  Probe(const std::vector<std::unique_ptr<upstream::Upstream>>& upstreams, GatewayMetrics* metrics);

  // Asks every service on `loop`; returns at once. The upstreams given before must be there still.
  void Ask(http::Loop* loop);
  // Whether the first of them has ever answered.
  bool first_answered() const;

 private:
  struct Peer;
  std::vector<std::shared_ptr<Peer>> peers_;
};

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_PROBE_H_
