#include "platform/service/store_metrics.h"

#include <array>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string>

namespace fivestrand::service {
namespace {

using store::StoreErrorKind;

constexpr std::array<const char*, 7> kKinds = {"busy", "full", "io", "corrupt", "connection", "conflict", "other"};
static_assert(static_cast<std::size_t>(StoreErrorKind::kOther) + 1 == kKinds.size());

class StoreMetrics : public store::StoreObserver {
 public:
  StoreMetrics(const std::string& service, prometheus::Registry* metrics)
      : commit_(prometheus::BuildHistogram()
                    .Name("fivestrand_store_commit_seconds")
                    .Help("Time from the begin of a batch of writes until it is durable.")
                    .Register(*metrics)
                    .Add({{"service", service}}, prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                                                         0.05, 0.1, 0.25, 0.5, 1, 2.5})),
        batch_(prometheus::BuildHistogram()
                   .Name("fivestrand_store_commit_batch_size")
                   .Help("Writes that were committed together.")
                   .Register(*metrics)
                   .Add({{"service", service}}, prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64, 128, 256})),
        read_(prometheus::BuildHistogram()
                  .Name("fivestrand_store_read_seconds")
                  .Help("Time of a read, waiting for a connection included.")
                  .Register(*metrics)
                  .Add({{"service", service}}, prometheus::Histogram::BucketBoundaries{0.00001, 0.00005, 0.0001, 0.0005, 0.001,
                                                                                       0.005, 0.01, 0.05, 0.1, 0.5, 1})),
        queue_(prometheus::BuildGauge()
                   .Name("fivestrand_store_queue_depth")
                   .Help("Writes that wait.")
                   .Register(*metrics)
                   .Add({{"service", service}})) {
    auto& errors = prometheus::BuildCounter()
                       .Name("fivestrand_store_errors_total")
                       .Help("Errors of the database, by kind.")
                       .Register(*metrics);
    for (std::size_t i = 0; i < kKinds.size(); ++i) errors_[i] = &errors.Add({{"service", service}, {"kind", kKinds[i]}});
  }

  void OnCommit(std::size_t batch_size, double seconds) override {
    commit_.Observe(seconds);
    batch_.Observe(static_cast<double>(batch_size));
  }
  void OnRead(double seconds) override { read_.Observe(seconds); }
  void OnQueue(std::size_t depth) override { queue_.Set(static_cast<double>(depth)); }
  void OnError(StoreErrorKind kind) override { errors_[static_cast<std::size_t>(kind)]->Increment(); }

 private:
  prometheus::Histogram& commit_;
  prometheus::Histogram& batch_;
  prometheus::Histogram& read_;
  prometheus::Gauge& queue_;
  std::array<prometheus::Counter*, kKinds.size()> errors_{};
};

}  // namespace

std::shared_ptr<store::StoreObserver> NewStoreMetrics(const std::string& service, prometheus::Registry* metrics) {
  return std::make_shared<StoreMetrics>(service, metrics);
}

}  // namespace fivestrand::service
