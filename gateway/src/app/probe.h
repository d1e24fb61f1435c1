// Asks the services whether they are there.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_PROBE_H_
#define FIVESTRAND_GATEWAY_SRC_APP_PROBE_H_

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/src/http/exchange.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway {

class GatewayMetrics;

// Thread-safe.
class Probe {
 public:
  // Sets the gauge of each service that it will ask; 0 until it answered. One that is nowhere is not asked and has none.
  Probe(const std::vector<std::unique_ptr<upstream::Upstream>>& upstreams, GatewayMetrics* metrics);

  // Asks every service on `loop`; returns at once. The upstreams given before must be there still.
  void Ask(http::Loop* loop);
  // Whether the first of them has ever answered.
  bool first_answered() const;
  // What is wrong with a service; empty when it answered when it was last asked.
  std::string TroubleOf(std::string_view service) const;

 private:
  struct Peer;
  std::vector<std::shared_ptr<Peer>> peers_;
};

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_PROBE_H_
