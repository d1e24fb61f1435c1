// Bodies of PulseService that are no standard methods.
#ifndef FIVESTRAND_SERVICES_WELFARE_API_PULSE_API_H_
#define FIVESTRAND_SERVICES_WELFARE_API_PULSE_API_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "services/welfare/domain/directory.h"
#include "services/welfare/domain/pulses.h"

namespace fivestrand::welfare::api {

struct PulseParts {
  std::shared_ptr<const domain::Directory> directory;
  std::shared_ptr<const domain::Pulses> pulses;
};

void BindPulses(resource::Registry& registry, const PulseParts& parts, rpc::Server& server);

// Closes every survey whose time is over, in any trust, as services/welfare. Waits for the store's queue: not for a thread that
// must not block. Called again, it changes nothing more.
absl::Status CloseDuePulses(const resource::Registry& registry, const PulseParts& parts, absl::Time now, absl::Time deadline);

}  // namespace fivestrand::welfare::api

#endif  // FIVESTRAND_SERVICES_WELFARE_API_PULSE_API_H_
