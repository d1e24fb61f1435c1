// Loads the demonstration trust through the public API, each record as the person who would have written it.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LOADER_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LOADER_H_

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/identity/token.h"
#include "platform/rpc/client.h"

namespace fivestrand::demo {

struct DemoOptions {
  std::uint64_t seed = 5;
  // Records end the day before.
  absl::Time now;
  // A load that is asked to stop ends with CANCELLED before its next call.
  std::stop_token stop = {};
  // Told after each step.
  std::function<void(std::string_view step, int done, int total)> progress;
};

// Whether the trust is there whole.
absl::StatusOr<bool> DemoLoaded(rpc::Client& leadership, const identity::TokenSigner& signer);

// Idempotent: what is there already stays as it is, so that a load that was cut off can be repeated. Returns the number of records.
absl::StatusOr<int> LoadDemo(rpc::Client& leadership, const identity::TokenSigner& signer, const DemoOptions& options);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LOADER_H_
