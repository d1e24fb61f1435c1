// The services behind the gateway.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_UPSTREAMS_H_
#define FIVESTRAND_GATEWAY_SRC_APP_UPSTREAMS_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "gateway/src/edge/method_table.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::app {
class Service;
}

namespace fivestrand::gateway {

struct GatewayConfig;
class GatewayMetrics;

// Where a service of this process listens; "" when it is in another one or has no port.
using ListenOf = std::function<std::string(std::string_view service)>;

// One for each of kServices, in their order: the target that is configured, or the service of this process, or one that is absent.
// INVALID_ARGUMENT when the TLS files cannot be read.
absl::StatusOr<std::vector<std::unique_ptr<upstream::Upstream>>> ConnectUpstreams(app::Service& service,
                                                                                  const GatewayConfig& config,
                                                                                  const ListenOf& listen_of,
                                                                                  GatewayMetrics* metrics);

// Which service answers which method: those of its own package; leadership also the evidence that it gathers from all of them.
// Changes and audit are each service's own, and the caller says whose.
absl::StatusOr<edge::MethodTable> TableOf(const std::vector<std::unique_ptr<upstream::Upstream>>& upstreams);

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_UPSTREAMS_H_
