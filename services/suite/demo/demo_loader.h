// Loads the demonstration trust through the public APIs, each record as the person who would have written it.
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
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// Where the services are called. Without one of the last three its records are left out, and with them the improvement threads, in
// which all four take part.
struct DemoServices {
  rpc::Client* leadership = nullptr;
  rpc::Client* assessment = nullptr;
  rpc::Client* cpd = nullptr;
  rpc::Client* welfare = nullptr;
};

struct DemoOptions {
  std::uint64_t seed = 5;
  // kStorySchools to kMaxSchools. Not the same trust again when a load that was cut off is repeated with another number.
  int schools = kStorySchools;
  // Records end the day before.
  absl::Time now;
  // A load that is asked to stop ends with CANCELLED before its next call.
  std::stop_token stop = {};
  // Told after each step, by one thread at a time.
  std::function<void(std::string_view step, int done, int total)> progress;
};

// Whether the trust is there whole.
absl::StatusOr<bool> DemoLoaded(rpc::Client& leadership, const identity::TokenSigner& signer);

// Idempotent: what is there already stays as it is, so that a load that was cut off can be repeated. Returns the number of records.
// With all four services it waits until the first figures have reached leadership, so the services must be following one another.
absl::StatusOr<int> LoadDemo(const DemoServices& services, const identity::TokenSigner& signer, const DemoOptions& options);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_LOADER_H_
