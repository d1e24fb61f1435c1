// A client stream that a client sends.
#include <condition_variable>
#include <optional>
#include <utility>

#include "google/protobuf/message.h"

#include "platform/rpc/bytes.h"
#include "platform/rpc/client_core.h"
#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

// One operation is with the transport at a time; the sender waits for it where it must.
class UploadClientCall final : public ClientCall, public std::enable_shared_from_this<UploadClientCall> {
 public:
  UploadClientCall(ClientCore* core, std::string path) : core_(*core), path_(std::move(path)) {}

  void Start(const CallOptions& options) {
    const std::lock_guard lock(mutex_);
    if (!core_.Add(shared_from_this())) {
      result_ = status::Cancelled("the client is closing");
      return;
    }
    context_.emplace();
    Prepare(options, options.timeout == absl::ZeroDuration() ? absl::InfiniteFuture() : absl::Now() + options.timeout, &*context_);
    if (core_.stopping()) context_->TryCancel();
    call_ = core_.stub.PrepareCall(&*context_, path_, &core_.queue);
    Begin(Step::kStarting);
    call_->StartCall(tag());
  }

  // False when the call is over.
  bool Send(grpc::ByteBuffer message) {
    std::unique_lock lock(mutex_);
    AwaitIdle(lock);
    if (!good_ || result_.has_value()) return false;
    Begin(Step::kSending);
    message_ = std::move(message);
    call_->Write(message_, tag());
    AwaitIdle(lock);
    return good_;
  }

  absl::Status Finish(grpc::ByteBuffer* answer) {
    std::unique_lock lock(mutex_);
    AwaitIdle(lock);
    if (!result_.has_value()) {
      // After a failure nothing more can be sent, and the status says why.
      if (good_) {
        Begin(Step::kClosing);
        call_->WritesDone(tag());
      } else {
        Begin(Step::kFinishing);
        call_->Finish(&status_, tag());
      }
      changed_.wait(lock, [this] { return result_.has_value(); });
    }
    *answer = std::move(message_);
    return *result_;
  }

  // Nobody asks for the end any more.
  void Drop() {
    const auto self = shared_from_this();
    std::unique_lock lock(mutex_);
    if (result_.has_value()) return;
    context_->TryCancel();
    AwaitIdle(lock);
    if (result_.has_value()) return;
    Begin(Step::kFinishing);
    call_->Finish(&status_, tag());
  }

  void Proceed(bool ok) override {
    const auto self = shared_from_this();
    std::unique_lock lock(mutex_);
    switch (step_) {
      case Step::kStarting:
      case Step::kSending:
        good_ = ok && !core_.stopping();
        if (core_.stopping()) {
          // The client waits for its calls, and nobody may come to end this one.
          step_ = Step::kFinishing;
          call_->Finish(&status_, tag());
          return;
        }
        busy_ = false;
        break;
      case Step::kClosing:
        step_ = Step::kReading;
        message_.Clear();
        call_->Read(&message_, tag());
        return;
      case Step::kReading:
        step_ = Step::kFinishing;
        call_->Finish(&status_, tag());
        return;
      case Step::kFinishing:
        busy_ = false;
        result_ = status::FromGrpcStatus(status_);
        call_.reset();
        context_.reset();
        lock.unlock();
        core_.Remove(self);
        lock.lock();
        break;
    }
    changed_.notify_all();
  }

  void Abort() override {
    const std::lock_guard lock(mutex_);
    if (!context_.has_value()) return;
    context_->TryCancel();
    // See Proceed.
    if (core_.stopping() && !busy_) {
      Begin(Step::kFinishing);
      call_->Finish(&status_, tag());
    }
  }

 private:
  enum class Step { kStarting, kSending, kClosing, kReading, kFinishing };

  void* tag() { return static_cast<ClientCall*>(this); }
  void Begin(Step step) {
    step_ = step;
    busy_ = true;
  }
  void AwaitIdle(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [this] { return !busy_; });
  }

  ClientCore& core_;
  const std::string path_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  Step step_ = Step::kStarting;
  bool busy_ = false;
  bool good_ = true;
  grpc::ByteBuffer message_;
  grpc::Status status_;
  std::optional<absl::Status> result_;
};

class Handle final : public UploadCall {
 public:
  explicit Handle(std::shared_ptr<UploadClientCall> call) : call_(std::move(call)) {}
  ~Handle() override { call_->Drop(); }

  bool Send(const google::protobuf::Message& message) override { return call_->Send(ToByteBuffer(message)); }
  absl::Status Finish(google::protobuf::Message* response) override {
    grpc::ByteBuffer answer;
    absl::Status status = call_->Finish(&answer);
    if (status.ok() && !ParseByteBuffer(answer, response)) return status::Internal("the peer's answer does not parse");
    return status;
  }
  void Cancel() override { call_->Abort(); }

 private:
  const std::shared_ptr<UploadClientCall> call_;
};

}  // namespace

std::unique_ptr<UploadCall> StartUpload(ClientCore* core, std::string path, const CallOptions& options) {
  auto call = std::make_shared<UploadClientCall>(core, std::move(path));
  call->Start(options);
  return std::make_unique<Handle>(std::move(call));
}

}  // namespace fivestrand::rpc
