// A server stream that a client reads.
#include <optional>
#include <utility>

#include "platform/rpc/client_core.h"
#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

class StreamClientCall final : public ClientCall, public std::enable_shared_from_this<StreamClientCall> {
 public:
  StreamClientCall(ClientCore* core, std::string path, grpc::ByteBuffer request,
                   std::function<StreamFlow(grpc::ByteBuffer)> on_message, std::function<void(absl::Status)> on_done)
      : core_(*core),
        path_(std::move(path)),
        request_(std::move(request)),
        on_message_(std::move(on_message)),
        on_done_(std::move(on_done)) {}

  void Start(const CallOptions& options) {
    if (!core_.Add(shared_from_this())) {
      on_done_(status::Cancelled("the client is closing"));
      return;
    }
    const std::lock_guard lock(mutex_);
    context_.emplace();
    Prepare(options, options.timeout == absl::ZeroDuration() ? absl::InfiniteFuture() : absl::Now() + options.timeout, &*context_);
    if (core_.stopping()) context_->TryCancel();
    call_ = core_.stub.PrepareCall(&*context_, path_, &core_.queue);
    call_->StartCall(tag());
  }

  void Proceed(bool ok) override {
    switch (step_) {
      case Step::kStarting:
        if (!ok) return Finish();
        step_ = Step::kSending;
        call_->WriteLast(request_, grpc::WriteOptions(), tag());
        return;
      case Step::kSending:
        if (!ok) return Finish();
        step_ = Step::kReading;
        call_->Read(&message_, tag());
        return;
      case Step::kReading:
        if (!ok) return Finish();
        Received();
        return;
      case Step::kFinishing:
        End();
        return;
    }
  }

  void Abort() override {
    const std::lock_guard lock(mutex_);
    aborted_ = true;
    if (context_.has_value()) context_->TryCancel();
    // With nothing asked for, nothing would tell that the stream has ended.
    ReadIfHeld();
  }

  void Resume() {
    const std::lock_guard lock(mutex_);
    if (held_) {
      ReadIfHeld();
    } else {
      resumed_ = true;  // Before the reader's callback has returned.
    }
  }

 private:
  enum class Step { kStarting, kSending, kReading, kFinishing };

  void Received() {
    const StreamFlow flow = on_message_(std::move(message_));
    message_.Clear();
    const std::lock_guard lock(mutex_);
    if (flow == StreamFlow::kCancel) context_->TryCancel();
    held_ = true;
    if (flow != StreamFlow::kHold || resumed_ || aborted_) ReadIfHeld();
  }

  // Under the mutex.
  void ReadIfHeld() {
    if (!held_) return;
    held_ = resumed_ = false;
    call_->Read(&message_, tag());
  }

  void* tag() { return static_cast<ClientCall*>(this); }

  void Finish() {
    step_ = Step::kFinishing;
    call_->Finish(&status_, tag());
  }

  void End() {
    const auto self = shared_from_this();
    on_done_(status::FromGrpcStatus(status_));
    {
      const std::lock_guard lock(mutex_);
      call_.reset();
      context_.reset();
    }
    core_.Remove(self);
  }

  ClientCore& core_;
  const std::string path_;
  const grpc::ByteBuffer request_;
  const std::function<StreamFlow(grpc::ByteBuffer)> on_message_;
  const std::function<void(absl::Status)> on_done_;
  Step step_ = Step::kStarting;
  std::mutex mutex_;  // What Abort and Resume touch.
  bool aborted_ = false;
  bool held_ = false;  // Between messages, with none asked for.
  bool resumed_ = false;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer message_;
  grpc::Status status_;
};

class StreamHandle final : public StreamCall {
 public:
  explicit StreamHandle(std::shared_ptr<StreamClientCall> call) : call_(std::move(call)) {}
  void Cancel() override { call_->Abort(); }
  void Resume() override { call_->Resume(); }

 private:
  const std::shared_ptr<StreamClientCall> call_;
};

}  // namespace

std::shared_ptr<StreamCall> StartStream(ClientCore* core, std::string path, grpc::ByteBuffer request, const CallOptions& options,
                                        std::function<StreamFlow(grpc::ByteBuffer)> on_message,
                                        std::function<void(absl::Status)> on_done) {
  auto call =
      std::make_shared<StreamClientCall>(core, std::move(path), std::move(request), std::move(on_message), std::move(on_done));
  auto handle = std::make_shared<StreamHandle>(call);
  call->Start(options);
  return handle;
}

}  // namespace fivestrand::rpc
