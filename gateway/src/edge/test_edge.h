// For tests: the edge as the gateway builds it, in front of one gRPC server that answers what a test tells it to, beside a service
// "annex" that is absent. The server knows two methods by itself: those of leadership's IdentityService, and ListSchools.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_TEST_EDGE_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_TEST_EDGE_H_

#include <functional>
#include <grpcpp/grpcpp.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "gateway/src/edge/edge.h"
#include "gateway/src/http/server.h"
#include "gateway/src/http/test_client.h"
#include "platform/identity/token.h"
#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::edge {

class TestEdge {
 public:
  struct Call {
    std::string request;
    std::multimap<std::string, std::string> metadata;
    double seconds_left = 0;
    std::function<void()> WaitUntilCancelled;
    // The next message of a stream of requests; nullopt when there is none, because the caller has sent all or is gone.
    std::function<std::optional<std::string>()> Next;
    std::function<bool()> Cancelled;

    std::string Get(const std::string& key) const {
      const auto found = metadata.find(key);
      return found == metadata.end() ? "" : found->second;
    }
  };
  struct Reply {
    std::vector<std::string> messages;
    grpc::Status status;
    std::function<void()> on_sent = {};  // after each message
    bool then_wait = false;              // for the caller to go, after the messages
  };
  using Handler = std::function<Reply(const Call&)>;

  TestEdge();
  ~TestEdge();

  // Thread-safe; may replace what was there.
  void Serve(const std::string& path, Handler handler);
  void StopServices();
  // From then on nobody can be resolved.
  void RemovePeople();
  int resolved() const;
  void Advance(absl::Duration time);
  void Drain();

  uint16_t port() const;
  // An identity token as an app would bring it.
  std::string AppToken();
  identity::TokenVerifier& verifier();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_TEST_EDGE_H_
