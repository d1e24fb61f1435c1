#include "platform/rpc/server_core.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"

#include "platform/log/log.h"
#include "platform/rpc/server_stream.h"
#include "platform/rpc/unary_call.h"
#include "platform/rpc/upload_stream.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::rpc {
namespace {

uint64_t RandomSeed() {
  std::random_device random;
  return (static_cast<uint64_t>(random()) << 32) | random();
}

// SplitMix64: neighbouring numbers give unlike ids, and no two numbers the same one.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

ServerCore::ServerCore(ServerOptions server_options)
    : options(std::move(server_options)),
      metrics_(options.name, options.metrics),
      pool_(std::make_unique<WorkerPool>(options.pool_threads, options.pool_queue)),
      id_seed_(RandomSeed()) {}

ServerCore::~ServerCore() = default;

void ServerCore::Accept(MethodEntry* entry) {
  const std::lock_guard lock(mutex_);
  if (!accepting_) return;
  switch (entry->kind()) {
    case MethodEntry::Kind::kUnary:
      return UnaryCall::Await(this, entry);
    case MethodEntry::Kind::kServerStream:
      return ServerStream::Await(this, entry);
    case MethodEntry::Kind::kClientStream:
      return UploadStream::Await(this, entry);
  }
}

bool ServerCore::Dispatch(std::function<void()> work) {
  if (pool_->Submit(std::move(work))) return true;
  metrics_.refused_pool->Increment();
  return false;
}

void ServerCore::StartUploads() {
  uploads_ = std::make_unique<WorkerPool>(options.upload_threads, options.upload_queue);
}

bool ServerCore::DispatchUpload(std::function<void()> work) {
  if (uploads_->Submit(std::move(work))) return true;
  metrics_.refused_uploads->Increment();
  return false;
}

void ServerCore::StopPools() {
  pool_.reset();
  uploads_.reset();
}

std::string ServerCore::NewRequestId() {
  return absl::StrFormat("%016x", Mix(id_seed_ + next_id_.fetch_add(1, std::memory_order_relaxed) * 0x9e3779b97f4a7c15U));
}

void ServerCore::RemoveWaiter() {
  if (waiters_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const std::lock_guard lock(mutex_);
  no_waiters_.notify_all();
}

void ServerCore::StopAccepting() {
  const std::lock_guard lock(mutex_);
  accepting_ = false;
}

void ServerCore::AwaitWaiters() {
  RemoveWaiter();
  std::unique_lock lock(mutex_);
  no_waiters_.wait(lock, [this] { return waiters_.load(std::memory_order_acquire) == 0; });
}

absl::Status ServerCore::AddStream(const std::shared_ptr<OpenStream>& stream) {
  const std::lock_guard lock(streams_mutex_);
  if (ending_streams_) return status::Unavailable(status::Reason::kDraining, "the server is stopping", absl::Seconds(1));
  if (streams_.size() >= options.max_streams) {
    metrics_.refused_streams->Increment();
    return status::Exhausted(status::Reason::kOverloaded, "too many streams at once", absl::Seconds(5));
  }
  streams_.emplace(stream.get(), stream);
  return absl::OkStatus();
}

void ServerCore::RemoveStream(OpenStream* stream) {
  const std::lock_guard lock(streams_mutex_);
  streams_.erase(stream);
}

void ServerCore::EndStreams() {
  std::vector<std::shared_ptr<OpenStream>> ending;
  {
    const std::lock_guard lock(streams_mutex_);
    ending_streams_ = true;
    for (const auto& [key, stream] : streams_) {
      if (auto open = stream.lock()) ending.push_back(std::move(open));
    }
  }
  for (const auto& stream : ending) {
    stream->End(status::Unavailable(status::Reason::kDraining, "the server is stopping", absl::Seconds(1)));
  }
}

void ServerCore::CountRefusedCall() {
  metrics_.refused_calls->Increment();
}
void ServerCore::CountSlowReader() {
  metrics_.slow_readers->Increment();
}

void ServerCore::SampleGauges() {
  metrics_.in_flight->Set(static_cast<double>(in_flight.load(std::memory_order_relaxed)));
  metrics_.pool_queue->Set(pool_ == nullptr ? 0 : static_cast<double>(pool_->queued()));
  const std::lock_guard lock(streams_mutex_);
  metrics_.streams->Set(static_cast<double>(streams_.size()));
}

void ServerCore::LogFailure(const MethodEntry& entry, const CallContext& context, const absl::Status& status) {
  using Code = absl::StatusCode;
  const Code code = status.code();
  const std::string cause = status::HiddenCause(status);
  const bool unforeseen = code == Code::kInternal || code == Code::kDataLoss || code == Code::kUnknown;
  const log::Level level = unforeseen ? log::Level::kError : !cause.empty() ? log::Level::kWarning : log::Level::kDebug;
  if (!options.logger->Enabled(level)) return;
  // The text of an expected refusal can name a person; the one of an unforeseen error that nobody made with our constructors is
  // all that there is to go by.
  const std::string_view text = !cause.empty() ? std::string_view(cause)
                                : unforeseen   ? StdView(status.message())
                                               : std::string_view();
  options.logger->Log(level, "call failed",
                      {{"server", options.name},
                       {"method", entry.method->full_name()},
                       {"code", CodeLabel(code)},
                       {"reason", status::ReasonName(status::ReasonOf(status))},
                       {"request_id", context.request_id},
                       {"traceparent", context.traceparent},
                       {"cause", text}});
}

}  // namespace fivestrand::rpc
