#include "platform/rpc/client_core.h"

#include <grpcpp/channel.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace fivestrand::rpc {

ClientCore::ClientCore(std::shared_ptr<grpc::Channel> channel, ClientOptions client_options)
    : options(std::move(client_options)), stub(std::move(channel)), poller_([this] { Poll(); }) {}

ClientCore::~ClientCore() {
  std::vector<std::shared_ptr<ClientCall>> under_way;
  {
    const std::lock_guard lock(mutex_);
    stopping_.store(true, std::memory_order_release);
    under_way.assign(calls_.begin(), calls_.end());
  }
  for (const auto& call : under_way) call->Abort();
  under_way.clear();
  {
    std::unique_lock lock(mutex_);
    empty_.wait(lock, [this] { return calls_.empty(); });
  }
  queue.Shutdown();
  poller_.join();
}

bool ClientCore::Add(const std::shared_ptr<ClientCall>& call) {
  const std::lock_guard lock(mutex_);
  if (stopping()) return false;
  calls_.insert(call);
  return true;
}

void ClientCore::Remove(const std::shared_ptr<ClientCall>& call) {
  const std::lock_guard lock(mutex_);
  calls_.erase(call);
  if (calls_.empty()) empty_.notify_all();
}

double ClientCore::Jitter() {
  // The golden ratio's multiples spread evenly, which is all that jitter is for.
  const double x = static_cast<double>(jitter_.fetch_add(1, std::memory_order_relaxed) & 0xffff) * 0.6180339887498949;
  return 0.5 + 0.5 * (x - static_cast<double>(static_cast<int64_t>(x)));
}

void ClientCore::Poll() {
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) static_cast<ClientCall*>(tag)->Proceed(ok);
}

void Prepare(const CallOptions& options, absl::Time deadline, grpc::ClientContext* context) {
  if (deadline != absl::InfiniteFuture()) context->set_deadline(absl::ToChronoTime(deadline));
  if (!options.token.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", options.token));
  if (!options.request_id.empty()) context->AddMetadata("x-request-id", options.request_id);
  if (!options.traceparent.empty()) context->AddMetadata("traceparent", options.traceparent);
  for (const auto& [key, value] : options.metadata) context->AddMetadata(key, value);
}

}  // namespace fivestrand::rpc
