#include "services/leadership/api/gather.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/rpc/bytes.h"
#include "platform/rpc/call_context.h"
#include "platform/service/peers.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::leadership::api {
namespace {

// What is left for putting the answer together and sending it.
constexpr absl::Duration kForTheAnswer = absl::Milliseconds(100);

struct State {
  State(std::size_t calls, std::function<void(std::vector<PeerReply>)> done)
      : replies(calls), waiting(calls + 1), done(std::move(done)) {}

  void End() {
    if (waiting.fetch_sub(1) == 1) done(std::move(replies));
  }

  std::vector<PeerReply> replies;  // each written by its own call, read after all have ended
  std::atomic<std::size_t> waiting;
  const std::function<void(std::vector<PeerReply>)> done;
};

}  // namespace

void ServicePeers::CallAsync(std::string_view service, std::string_view path, grpc::ByteBuffer request,
                             const rpc::CallOptions& options, std::function<void(absl::Status, grpc::ByteBuffer)> done) {
  const std::shared_ptr<rpc::Client> client = peers_.Find(service);
  if (client == nullptr) {
    return done(status::Unavailable(status::Reason::kUpstreamUnavailable, absl::StrCat(AbslView(service), " has no address"),
                                    absl::Seconds(2)),
                {});
  }
  // The connection lives until its last answer has been handed over, on a thread of its own: nothing may end it from there.
  client->CallAsync(path, std::move(request), options, std::move(done));
}

void Gather(EvidencePeers& peers, const rpc::CallContext& context, const std::vector<PeerCall>& calls, std::function<void()> own,
            std::function<void(std::vector<PeerReply>)> done) {
  auto state = std::make_shared<State>(calls.size(), std::move(done));
  rpc::CallOptions options = rpc::CallOptions::From(context);
  options.repeatable = false;
  const absl::Duration left = context.deadline - absl::Now() - kForTheAnswer;
  options.timeout = std::max(absl::Milliseconds(1), std::min(kPeerTimeout, left));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    peers.CallAsync(calls[i].service, calls[i].path, rpc::ToByteBuffer(*calls[i].request), options,
                    [state, i](absl::Status status, grpc::ByteBuffer bytes) {
                      state->replies[i] = {std::move(status), std::move(bytes)};
                      state->End();
                    });
  }
  own();
  state->End();
}

}  // namespace fivestrand::leadership::api
