// The pause between two rounds of a job.
#ifndef FIVESTRAND_PLATFORM_SERVICE_PAUSE_H_
#define FIVESTRAND_PLATFORM_SERVICE_PAUSE_H_

#include <stop_token>

#include "absl/time/time.h"

namespace fivestrand::service {

// Waits, and is woken by a stop.
void Pause(const std::stop_token& stop, absl::Duration length);

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_PAUSE_H_
