// process_... under the names that Prometheus client libraries use, and build info.
#ifndef FIVESTRAND_PLATFORM_APP_PROCESS_METRICS_H_
#define FIVESTRAND_PLATFORM_APP_PROCESS_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <string>
#include <vector>

namespace fivestrand::app {

// Read from the kernel when asked.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  ProcessMetrics(std::string program, std::string version);
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::string program_;
  const std::string version_;
  double start_time_ = 0;
};

}  // namespace fivestrand::app

#endif  // FIVESTRAND_PLATFORM_APP_PROCESS_METRICS_H_
