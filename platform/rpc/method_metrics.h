// Metrics of servers, under the names that the ecosystem's dashboards know.
#ifndef FIVESTRAND_PLATFORM_RPC_METHOD_METRICS_H_
#define FIVESTRAND_PLATFORM_RPC_METHOD_METRICS_H_

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace fivestrand::rpc {

// The series of one method, found once. Thread-safe. Every code has its series from the start, so that a rate over a code that has
// not happened yet is 0 and not absent.
class MethodMetrics {
 public:
  MethodMetrics(const google::protobuf::MethodDescriptor* method, prometheus::Registry* registry);

  void Started();
  void Received();
  void Sent();
  void Handled(absl::StatusCode code, absl::Duration took);

 private:
  prometheus::Counter* started_;
  prometheus::Counter* received_;
  prometheus::Counter* sent_;
  std::array<prometheus::Counter*, 17> handled_;
  prometheus::Histogram* seconds_;
};

// The series of one server.
struct ServerMetrics {
  ServerMetrics(const std::string& server, prometheus::Registry* registry);

  prometheus::Gauge* in_flight;
  prometheus::Gauge* streams;
  prometheus::Gauge* pool_queue;
  prometheus::Counter* refused_calls;
  prometheus::Counter* refused_pool;
  prometheus::Counter* refused_streams;
  prometheus::Counter* refused_uploads;
  prometheus::Counter* slow_readers;
};

// The code as grpc_code has it: OK, NotFound, DeadlineExceeded.
std::string_view CodeLabel(absl::StatusCode code);

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_METHOD_METRICS_H_
