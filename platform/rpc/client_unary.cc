// A unary call of a client, with its retries.
#include <grpcpp/alarm.h>
#include <optional>
#include <utility>

#include "platform/rpc/client_core.h"
#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

class UnaryClientCall final : public ClientCall, public std::enable_shared_from_this<UnaryClientCall> {
 public:
  UnaryClientCall(ClientCore* core, std::string path, grpc::ByteBuffer request, const CallOptions& options,
                  std::function<void(absl::Status, grpc::ByteBuffer)> done)
      : core_(*core), path_(std::move(path)), options_(options), request_(std::move(request)), done_(std::move(done)) {
    const absl::Duration timeout = options.timeout == absl::ZeroDuration() ? core->options.default_timeout : options.timeout;
    deadline_ = absl::Now() + timeout;
  }

  void Start() {
    if (!core_.Add(shared_from_this())) {
      done_(status::Cancelled("the client is closing"), grpc::ByteBuffer());
      return;
    }
    Try();
  }

  void Proceed(bool ok) override {
    if (pausing_) {
      pausing_ = false;
      if (core_.stopping()) {
        End(status::Cancelled("the client is closing"));
      } else {
        Try();
      }
      return;
    }
    const absl::Status result = status::FromGrpcStatus(status_);
    if (result.code() == absl::StatusCode::kUnavailable && options_.repeatable && tries_ < core_.options.max_tries &&
        !core_.stopping()) {
      if (Pause(result)) return;
    }
    End(result);
  }

  void Abort() override {
    const std::lock_guard lock(mutex_);
    if (context_.has_value()) context_->TryCancel();
    if (pause_.has_value()) pause_->Cancel();
  }

 private:
  void Try() {
    const std::lock_guard lock(mutex_);
    ++tries_;
    pause_.reset();
    reader_.reset();
    context_.emplace();
    Prepare(options_, deadline_, &*context_);
    if (core_.stopping()) context_->TryCancel();
    reply_.Clear();
    reader_ = core_.stub.PrepareUnaryCall(&*context_, path_, request_, &core_.queue);
    reader_->StartCall();
    reader_->Finish(&reply_, &status_, static_cast<ClientCall*>(this));
  }

  // False when the deadline leaves no time for another try.
  bool Pause(const absl::Status& failure) {
    absl::Duration pause = core_.options.first_pause * (1 << std::min(tries_ - 1, 10));
    pause = std::min(pause, core_.options.last_pause) * core_.Jitter();
    // A peer that is overloaded says itself when to come back; it is not asked to wait for longer than we would.
    if (const auto asked = status::RetryAfter(failure); asked.has_value()) {
      pause = std::max(pause, std::min(*asked, core_.options.last_pause));
    }
    if (absl::Now() + pause >= deadline_) return false;
    const std::lock_guard lock(mutex_);
    pausing_ = true;
    pause_.emplace();
    pause_->Set(&core_.queue, std::chrono::system_clock::now() + absl::ToChronoMicroseconds(pause), static_cast<ClientCall*>(this));
    return true;
  }

  void End(absl::Status result) {
    const auto self = shared_from_this();
    done_(std::move(result), std::move(reply_));
    {
      const std::lock_guard lock(mutex_);
      reader_.reset();
      context_.reset();
      pause_.reset();
    }
    core_.Remove(self);
  }

  ClientCore& core_;
  const std::string path_;
  const CallOptions options_;
  const grpc::ByteBuffer request_;
  const std::function<void(absl::Status, grpc::ByteBuffer)> done_;
  absl::Time deadline_;
  int tries_ = 0;
  bool pausing_ = false;
  std::mutex mutex_;  // What Abort touches.
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
  std::optional<grpc::Alarm> pause_;
  grpc::ByteBuffer reply_;
  grpc::Status status_;
};

}  // namespace

void StartUnary(ClientCore* core, std::string path, grpc::ByteBuffer request, const CallOptions& options,
                std::function<void(absl::Status, grpc::ByteBuffer)> done) {
  std::make_shared<UnaryClientCall>(core, std::move(path), std::move(request), options, std::move(done))->Start();
}

}  // namespace fivestrand::rpc
