#include "platform/service/pause.h"

#include <condition_variable>
#include <mutex>

namespace fivestrand::service {

void Pause(const std::stop_token& stop, absl::Duration length) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, std::stop_token(stop), absl::ToChronoMilliseconds(length), [] { return false; });
}

}  // namespace fivestrand::service
