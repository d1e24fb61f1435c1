#include "platform/app/process_metrics.h"

#include <dirent.h>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include "absl/time/clock.h"

namespace fivestrand::app {
namespace {

prometheus::MetricFamily Family(const char* name, const char* help, prometheus::MetricType type, double value,
                                std::vector<prometheus::ClientMetric::Label> labels = {}) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  family.metric.push_back(std::move(metric));
  return family;
}

double OpenFiles() {
  DIR* const directory = opendir("/proc/self/fd");
  if (directory == nullptr) return 0;
  double count = 0;
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count - 3;  // ".", ".." and the directory itself.
}

}  // namespace

ProcessMetrics::ProcessMetrics(std::string program, std::string version)
    : program_(std::move(program)),
      version_(std::move(version)),
      start_time_(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch())) {}

std::vector<prometheus::MetricFamily> ProcessMetrics::Collect() const {
  using prometheus::MetricType;
  double virtual_pages = 0;
  double resident_pages = 0;
  std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages;
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  return {
      Family("fivestrand_build_info", "Always 1; the labels say what runs.", MetricType::Gauge, 1,
             {{"program", program_}, {"version", version_}}),
      Family("process_start_time_seconds", "When the process started, in seconds since 1970.", MetricType::Gauge, start_time_),
      Family("process_cpu_seconds_total", "Processor time used.", MetricType::Counter, cpu),
      Family("process_resident_memory_bytes", "Memory in use.", MetricType::Gauge, resident_pages * page),
      Family("process_virtual_memory_bytes", "Address space in use.", MetricType::Gauge, virtual_pages * page),
      Family("process_open_fds", "Open files and sockets.", MetricType::Gauge, OpenFiles()),
      Family("process_max_fds", "Most files and sockets that may be open.", MetricType::Gauge, static_cast<double>(files.rlim_cur)),
  };
}

}  // namespace fivestrand::app
