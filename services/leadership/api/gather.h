// Asking the other services for what they own, all at once, within a short time.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_GATHER_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_GATHER_H_

#include <functional>
#include <grpcpp/support/byte_buffer.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

#include "platform/rpc/client.h"

namespace fivestrand::rpc {
struct CallContext;
}

namespace fivestrand::service {
class Peers;
}

namespace fivestrand::leadership::api {

// The services beside this one. Thread-safe.
class EvidencePeers {
 public:
  virtual ~EvidencePeers() = default;
  // As rpc::Client::CallAsync to the service of that name; UNAVAILABLE for one that is not known here. `done` is called once, also
  // before this returns, on any thread, and does not wait.
  virtual void CallAsync(std::string_view service, std::string_view path, grpc::ByteBuffer request, const rpc::CallOptions& options,
                         std::function<void(absl::Status, grpc::ByteBuffer)> done) = 0;
};

// Over the connections of this service; `peers` outlives it.
class ServicePeers : public EvidencePeers {
 public:
  explicit ServicePeers(const service::Peers& peers) : peers_(peers) {}
  void CallAsync(std::string_view service, std::string_view path, grpc::ByteBuffer request, const rpc::CallOptions& options,
                 std::function<void(absl::Status, grpc::ByteBuffer)> done) override;

 private:
  const service::Peers& peers_;
};

// How long an answer is waited for, whatever time the caller has left.
inline constexpr absl::Duration kPeerTimeout = absl::Milliseconds(1500);

// One call to one service.
struct PeerCall {
  std::string service;
  std::string path;                                    // /package.Service/Method
  const google::protobuf::Message* request = nullptr;  // needed until Gather returns
};

// What came of it; OK with the bytes of the answer.
struct PeerReply {
  absl::Status status;
  grpc::ByteBuffer bytes;
};

// Makes the calls on the caller's behalf (token, request id), then runs `own` on this thread, and calls `done` once all of it has
// ended: the replies in the order of the calls. No call is tried again: a service that is down is away at once, and one that hangs
// after kPeerTimeout or shortly before the caller's deadline. `done` runs on the thread of whatever ended last and must not wait.
void Gather(EvidencePeers& peers, const rpc::CallContext& context, const std::vector<PeerCall>& calls, std::function<void()> own,
            std::function<void(std::vector<PeerReply>)> done);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_GATHER_H_
