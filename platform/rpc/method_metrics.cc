#include "platform/rpc/method_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "google/protobuf/descriptor.h"

namespace fivestrand::rpc {
namespace {

prometheus::Family<prometheus::Counter>& Counters(const char* name, const char* help, prometheus::Registry* registry) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*registry);
}

prometheus::Family<prometheus::Gauge>& Gauges(const char* name, const char* help, prometheus::Registry* registry) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*registry);
}

}  // namespace

std::string_view CodeLabel(absl::StatusCode code) {
  static constexpr std::string_view kLabels[] = {
      "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
      "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
      "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
      "DataLoss", "Unauthenticated"};
  const auto index = static_cast<std::size_t>(code);
  return index < std::size(kLabels) ? kLabels[index] : "Internal";
}

MethodMetrics::MethodMetrics(const google::protobuf::MethodDescriptor* method, prometheus::Registry* registry) {
  const char* const type = method->client_streaming() ? "client_stream" : method->server_streaming() ? "server_stream" : "unary";
  const prometheus::Labels labels{
      {"grpc_type", type}, {"grpc_service", method->service()->full_name()}, {"grpc_method", method->name()}};
  started_ = &Counters("grpc_server_started_total", "Calls that arrived.", registry).Add(labels);
  received_ = &Counters("grpc_server_msg_received_total", "Messages received.", registry).Add(labels);
  sent_ = &Counters("grpc_server_msg_sent_total", "Messages sent.", registry).Add(labels);
  auto& handled = Counters("grpc_server_handled_total", "Calls that ended, by code.", registry);
  for (std::size_t code = 0; code < handled_.size(); ++code) {
    prometheus::Labels with_code = labels;
    with_code.emplace("grpc_code", std::string(CodeLabel(static_cast<absl::StatusCode>(code))));
    handled_[code] = &handled.Add(with_code);
  }
  seconds_ = &prometheus::BuildHistogram()
                  .Name("grpc_server_handling_seconds")
                  .Help("Time from a call's arrival to its answer.")
                  .Register(*registry)
                  .Add(labels, prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                                       0.5, 1, 2.5, 5, 10});
}

void MethodMetrics::Started() {
  started_->Increment();
}
void MethodMetrics::Received() {
  received_->Increment();
}
void MethodMetrics::Sent() {
  sent_->Increment();
}

void MethodMetrics::Handled(absl::StatusCode code, absl::Duration took) {
  // UNKNOWN is never sent; see status/rpc_status.h.
  const auto index = static_cast<std::size_t>(code == absl::StatusCode::kUnknown ? absl::StatusCode::kInternal : code);
  handled_[index < handled_.size() ? index : static_cast<std::size_t>(absl::StatusCode::kInternal)]->Increment();
  seconds_->Observe(absl::ToDoubleSeconds(took));
}

ServerMetrics::ServerMetrics(const std::string& server, prometheus::Registry* registry) {
  const prometheus::Labels labels{{"server", server}};
  in_flight = &Gauges("fivestrand_rpc_in_flight_calls", "Unary calls being served.", registry).Add(labels);
  streams = &Gauges("fivestrand_rpc_open_streams", "Streams that are open, of either direction.", registry).Add(labels);
  pool_queue = &Gauges("fivestrand_rpc_pool_queue_depth", "Calls that wait for a worker.", registry).Add(labels);
  auto& refused = Counters("fivestrand_rpc_refused_total", "Calls refused because a limit was reached.", registry);
  const auto with_limit = [&](const char* limit) {
    return &refused.Add({{"server", server}, {"limit", limit}});
  };
  refused_calls = with_limit("calls");
  refused_pool = with_limit("pool_queue");
  refused_streams = with_limit("streams");
  refused_uploads = with_limit("upload_queue");
  slow_readers =
      &Counters("fivestrand_rpc_slow_readers_total", "Streams ended because the reader was too slow.", registry).Add(labels);
}

}  // namespace fivestrand::rpc
