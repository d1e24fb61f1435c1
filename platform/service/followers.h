// The followers of a service's spec, run within a program.
#ifndef FIVESTRAND_PLATFORM_SERVICE_FOLLOWERS_H_
#define FIVESTRAND_PLATFORM_SERVICE_FOLLOWERS_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"

namespace fivestrand::app {
class Service;
}

namespace fivestrand::events {
class Follower;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::service {

class Peers;
struct RecordServiceSpec;

// Used from the main thread.
class Followers {
 public:
  // All outlive it. Adds a line for each follower to /readyz, and to readiness one for each that fills mirrors. A feed whose source
  // has no address is left out, which the log says.
  Followers(app::Service& service, const RecordServiceSpec& spec, const Peers& peers, const resource::Registry& registry);
  ~Followers();

  void Start();
  void Stop();

 private:
  std::vector<std::shared_ptr<events::Follower>> followers_;
};

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_FOLLOWERS_H_
