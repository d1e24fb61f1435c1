// The connections of a service to the other services, and the token with which it calls them as itself.
#ifndef FIVESTRAND_PLATFORM_SERVICE_PEERS_H_
#define FIVESTRAND_PLATFORM_SERVICE_PEERS_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fivestrand::rpc {
class Client;
}

namespace fivestrand::service {

// Thread-safe. Lives as long as the service.
class Peers {
 public:
  virtual ~Peers() = default;

  // The connection to a service, by its name: "cpd". Null for one that this program knows no address of, before everything has
  // started, and once it stops. Hold the pointer for the time of a call only.
  virtual std::shared_ptr<rpc::Client> Find(std::string_view service) const = 0;

  // A token of subject `services/<this service>`, for methods with access SERVICE. Calls in the name of a person pass that person's
  // token on instead: rpc::CallOptions::From.
  virtual absl::StatusOr<std::string> Token() const = 0;
};

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_PEERS_H_
