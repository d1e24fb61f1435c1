// What a store does, as metrics.
#ifndef FIVESTRAND_PLATFORM_SERVICE_STORE_METRICS_H_
#define FIVESTRAND_PLATFORM_SERVICE_STORE_METRICS_H_

#include <memory>
#include <string>

#include "platform/store/store.h"

namespace prometheus {
class Registry;
}

namespace fivestrand::service {

// fivestrand_store_commit_seconds, _commit_batch_size, _read_seconds, _queue_depth, _errors_total{kind}, each with the label
// `service`, for the services of one process share a registry. `metrics` outlives it.
std::shared_ptr<store::StoreObserver> NewStoreMetrics(const std::string& service, prometheus::Registry* metrics);

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_STORE_METRICS_H_
