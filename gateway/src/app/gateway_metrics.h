// What the gateway counts.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_METRICS_H_
#define FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_METRICS_H_

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

#include "gateway/src/http/server.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
template <typename T>
class Family;
}  // namespace prometheus

namespace fivestrand::gateway {

// Thread-safe. The registry must outlive it.
class GatewayMetrics {
 public:
  explicit GatewayMetrics(prometheus::Registry& registry);

  void Answered(const http::AccessRecord& record);
  void Connections(int change);
  void Refused();
  std::function<void()> UnreachableCounter(const std::string& upstream);
  std::function<void(absl::StatusCode)> EndCounter(const std::string& upstream);
  prometheus::Gauge* UpGauge(const std::string& upstream);

 private:
  struct Kind {
    prometheus::Histogram* seconds;
    prometheus::Counter* bytes;
    std::map<int, prometheus::Counter*> codes;
  };
  Kind& KindOf(std::string_view name);  // under the lock

  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Family<prometheus::Counter>& bytes_;
  prometheus::Family<prometheus::Counter>& unreachable_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Gauge>& up_;
  prometheus::Gauge& connections_;
  prometheus::Counter& refused_;
  std::mutex mutex_;
  std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_METRICS_H_
