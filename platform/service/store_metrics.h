// What a store does, as metrics.
#ifndef FIVESTRAND_PLATFORM_SERVICE_STORE_METRICS_H_
#define FIVESTRAND_PLATFORM_SERVICE_STORE_METRICS_H_

#include <memory>

#include "platform/store/store.h"

namespace prometheus {
class Registry;
}

namespace fivestrand::service {

// fivestrand_store_commit_seconds, _commit_batch_size, _read_seconds, _queue_depth, _errors_total{kind}. `metrics` outlives it.
std::shared_ptr<store::StoreObserver> NewStoreMetrics(prometheus::Registry* metrics);

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_STORE_METRICS_H_
