#include "gateway/src/app/probe.h"

#include <prometheus/gauge.h>
#include <string>
#include <utility>

#include "gateway/src/app/gateway_metrics.h"
#include "platform/status/status.h"

namespace fivestrand::gateway {
namespace {

// Every gRPC server of the suite has it, and it needs no identity. What it says is not asked: a service that answers is there, and
// what it does not serve it refuses by itself.
const std::string kHealthPath = "/grpc.health.v1.Health/Check";
constexpr absl::Duration kPatience = absl::Seconds(2);

}  // namespace

struct Probe::Peer {
  std::string name;
  upstream::Upstream* upstream = nullptr;
  prometheus::Gauge* up = nullptr;    // null: there is nobody to ask
  std::atomic<bool> answered{false};  // ever
  std::atomic<bool> there{false};     // when it was last asked
  std::atomic<bool> asking{false};
};

Probe::Probe(const std::vector<std::unique_ptr<upstream::Upstream>>& upstreams, GatewayMetrics* metrics) {
  for (const auto& upstream : upstreams) {
    auto peer = std::make_shared<Peer>();
    peer->name = upstream->name();
    peer->upstream = upstream.get();
    if (upstream->present()) peer->up = metrics->UpGauge(upstream->name());
    peers_.push_back(std::move(peer));
  }
}

void Probe::Ask(http::Loop* loop) {
  for (const auto& peer : peers_) {
    if (peer->up == nullptr || peer->asking.exchange(true)) continue;
    loop->Post([peer, loop] {
      upstream::CallSpec spec;
      spec.path = &kHealthPath;
      spec.deadline = absl::Now() + kPatience;
      peer->upstream->Unary(std::move(spec), loop, [peer](const upstream::CallEnd& end, const upstream::Message*) {
        const bool there =
            end.status.code() != absl::StatusCode::kUnavailable && end.status.code() != absl::StatusCode::kDeadlineExceeded;
        if (there) peer->answered = true;
        peer->there = there;
        peer->up->Set(there ? 1 : 0);
        peer->asking = false;
      });
    });
  }
}

bool Probe::first_answered() const {
  return peers_.front()->answered;
}

std::string Probe::TroubleOf(std::string_view service) const {
  for (const auto& peer : peers_) {
    if (peer->name != service) continue;
    if (peer->up == nullptr) return "no target is set for it";
    return peer->there ? "" : "does not answer";
  }
  return "";
}

}  // namespace fivestrand::gateway
