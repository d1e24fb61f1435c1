#include "platform/rpc/pulled_stream.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace fivestrand::rpc {

// Shared with the callbacks, which may come after the reader is gone.
struct PulledStream::State {
  explicit State(std::size_t limit) : limit(limit) {}

  const std::size_t limit;
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<grpc::ByteBuffer> messages;
  bool held = false;
  bool ended = false;
  absl::Status status;
};

PulledStream::PulledStream(Client& client, std::string_view path, grpc::ByteBuffer request, const CallOptions& options,
                           std::size_t limit)
    : state_(std::make_shared<State>(limit)),
      call_(client.Stream(path, std::move(request), options,
                          std::function<StreamFlow(grpc::ByteBuffer)>([state = state_](grpc::ByteBuffer message) {
                            const std::lock_guard lock(state->mutex);
                            state->messages.push_back(std::move(message));
                            state->held = state->messages.size() >= state->limit;
                            state->changed.notify_one();
                            return state->held ? StreamFlow::kHold : StreamFlow::kNext;
                          }),
                          [state = state_](absl::Status status) {
                            const std::lock_guard lock(state->mutex);
                            state->ended = true;
                            state->status = std::move(status);
                            state->changed.notify_one();
                          })) {}

PulledStream::~PulledStream() {
  call_->Cancel();
}

PulledStream::Got PulledStream::Next(absl::Duration timeout, const std::stop_token& stop, grpc::ByteBuffer* message) {
  std::unique_lock lock(state_->mutex);
  const auto ready = [this] {
    return !state_->messages.empty() || state_->ended;
  };
  if (!ready() && timeout > absl::ZeroDuration()) {
    state_->changed.wait_for(lock, std::stop_token(stop), absl::ToChronoMilliseconds(timeout), ready);
  }
  if (state_->messages.empty()) return state_->ended ? Got::kEnd : Got::kNothing;
  *message = std::move(state_->messages.front());
  state_->messages.pop_front();
  const bool resume = std::exchange(state_->held, false);
  lock.unlock();
  if (resume) call_->Resume();
  return Got::kMessage;
}

absl::Status PulledStream::status() const {
  const std::lock_guard lock(state_->mutex);
  return state_->status;
}

}  // namespace fivestrand::rpc
