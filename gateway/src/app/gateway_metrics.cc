#include "gateway/src/app/gateway_metrics.h"

#include <array>
#include <memory>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "platform/rpc/method_metrics.h"

namespace fivestrand::gateway {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

}  // namespace

GatewayMetrics::GatewayMetrics(prometheus::Registry& registry)
    : requests_(prometheus::BuildCounter()
                    .Name("fivestrand_gateway_requests_total")
                    .Help("HTTP requests answered, by kind of route and status code.")
                    .Register(registry)),
      seconds_(prometheus::BuildHistogram()
                   .Name("fivestrand_gateway_request_seconds")
                   .Help("Time from the end of a request to the end of its answer.")
                   .Register(registry)),
      bytes_(prometheus::BuildCounter()
                 .Name("fivestrand_gateway_response_bytes_total")
                 .Help("Bytes of answers' bodies.")
                 .Register(registry)),
      unreachable_(prometheus::BuildCounter()
                       .Name("fivestrand_gateway_upstream_errors_total")
                       .Help("Calls that could not be brought to a service.")
                       .Register(registry)),
      calls_(prometheus::BuildCounter()
                 .Name("fivestrand_gateway_upstream_calls_total")
                 .Help("Calls to a service that ended, by code.")
                 .Register(registry)),
      up_(prometheus::BuildGauge()
              .Name("fivestrand_gateway_upstream_up")
              .Help("Whether the service answered when it was last asked.")
              .Register(registry)),
      connections_(prometheus::BuildGauge()
                       .Name("fivestrand_gateway_connections")
                       .Help("HTTP connections open.")
                       .Register(registry)
                       .Add({})),
      refused_(prometheus::BuildCounter()
                   .Name("fivestrand_gateway_connections_refused_total")
                   .Help("HTTP connections closed unread because there were too many.")
                   .Register(registry)
                   .Add({})) {}

GatewayMetrics::Kind& GatewayMetrics::KindOf(std::string_view name) {
  const auto found = kinds_.find(name);
  if (found != kinds_.end()) return found->second;
  const std::string label(name);
  return kinds_.emplace(label, Kind{&seconds_.Add({{"route_kind", label}}, kSeconds), &bytes_.Add({{"route_kind", label}}), {}})
      .first->second;
}

void GatewayMetrics::Answered(const http::AccessRecord& record) {
  const std::string_view name = record.route_kind.empty() ? "unread" : record.route_kind;
  prometheus::Counter* count = nullptr;
  Kind* kind = nullptr;
  {
    const std::lock_guard lock(mutex_);
    kind = &KindOf(name);
    prometheus::Counter*& known = kind->codes[record.status];
    if (known == nullptr) known = &requests_.Add({{"route_kind", std::string(name)}, {"code", std::to_string(record.status)}});
    count = known;
  }
  count->Increment();
  kind->seconds->Observe(record.seconds);
  kind->bytes->Increment(static_cast<double>(record.response_bytes));
}

void GatewayMetrics::Connections(int change) {
  connections_.Increment(change);
}
void GatewayMetrics::Refused() {
  refused_.Increment();
}

std::function<void()> GatewayMetrics::UnreachableCounter(const std::string& upstream) {
  return [counter = &unreachable_.Add({{"upstream", upstream}})] {
    counter->Increment();
  };
}

std::function<void(absl::StatusCode)> GatewayMetrics::EndCounter(const std::string& upstream) {
  constexpr size_t kCodes = 17;
  auto counters = std::make_shared<std::array<prometheus::Counter*, kCodes>>();
  for (size_t code = 0; code < kCodes; ++code) {
    const std::string label(rpc::CodeLabel(static_cast<absl::StatusCode>(code)));
    (*counters)[code] = &calls_.Add({{"upstream", upstream}, {"code", label}});
  }
  return [counters](absl::StatusCode code) {
    const auto index = static_cast<size_t>(code);
    (*counters)[index < kCodes ? index : static_cast<size_t>(absl::StatusCode::kInternal)]->Increment();
  };
}

prometheus::Gauge* GatewayMetrics::UpGauge(const std::string& upstream) {
  return &up_.Add({{"upstream", upstream}});
}

}  // namespace fivestrand::gateway
