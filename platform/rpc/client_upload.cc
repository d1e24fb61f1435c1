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

// A read stands from the start, for the answer, or the end, may come while the sender has nothing to send. Beside it at most one
// write is with the transport; the sender waits for it.
class UploadClientCall final : public ClientCall, public std::enable_shared_from_this<UploadClientCall> {
 public:
  UploadClientCall(ClientCore* core, std::string path) : core_(*core), path_(std::move(path)) {}

  void Start(const CallOptions& options) {
    const std::lock_guard lock(mutex_);
    if (!core_.Add(shared_from_this())) {
      over_ = true;
      result_ = status::Cancelled("the client is closing");
      return;
    }
    context_.emplace();
    Prepare(options, options.timeout == absl::ZeroDuration() ? absl::InfiniteFuture() : absl::Now() + options.timeout, &*context_);
    if (core_.stopping()) context_->TryCancel();
    call_ = core_.stub.PrepareCall(&*context_, path_, &core_.queue);
    call_->StartCall(static_cast<ClientCall*>(this));
  }

  // False when the call is over.
  bool Send(grpc::ByteBuffer message) {
    std::unique_lock lock(mutex_);
    if (!AwaitTurn(lock)) return false;
    message_ = std::move(message);
    writing_ = true;
    call_->Write(message_, static_cast<ClientCall*>(&write_));
    return AwaitTurn(lock);
  }

  absl::Status Finish(grpc::ByteBuffer* answer) {
    std::unique_lock lock(mutex_);
    if (AwaitTurn(lock)) {
      writing_ = true;
      call_->WritesDone(static_cast<ClientCall*>(&write_));
    }
    changed_.wait(lock, [this] { return result_.has_value(); });
    *answer = std::move(answer_);
    return *result_;
  }

  // Start, read, finish.
  void Proceed(bool ok) override {
    const auto self = shared_from_this();
    std::unique_lock lock(mutex_);
    if (step_ == Step::kStarting && ok) {
      step_ = Step::kReading;
      call_->Read(&answer_, static_cast<ClientCall*>(this));
    } else if (step_ != Step::kFinishing) {
      // With an answer or without: the status says what it was.
      over_ = true;
      step_ = Step::kFinishing;
      call_->Finish(&status_, static_cast<ClientCall*>(this));
    } else {
      finished_ = true;
      if (writing_) context_->TryCancel();  // The transport may keep what the peer does not want any more.
      EndWhenDone(lock);
    }
    changed_.notify_all();
  }

  void Abort() override {
    const std::lock_guard lock(mutex_);
    if (context_.has_value()) context_->TryCancel();
  }

 private:
  enum class Step { kStarting, kReading, kFinishing };

  class WriteEvents final : public ClientCall {
   public:
    explicit WriteEvents(UploadClientCall* call) : call_(call) {}
    void Proceed(bool ok) override { call_->Written(ok); }
    void Abort() override {}

   private:
    UploadClientCall* const call_;
  };

  void Written(bool ok) {
    const auto self = shared_from_this();
    std::unique_lock lock(mutex_);
    writing_ = false;
    failed_ = failed_ || !ok;
    EndWhenDone(lock);
    changed_.notify_all();
  }

  // Until the sender may write; false when nothing can be sent any more.
  bool AwaitTurn(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [this] { return over_ || failed_ || (step_ == Step::kReading && !writing_); });
    return !over_ && !failed_;
  }

  void EndWhenDone(std::unique_lock<std::mutex>& lock) {
    if (!finished_ || writing_ || result_.has_value()) return;
    result_ = status::FromGrpcStatus(status_);
    call_.reset();
    context_.reset();
    lock.unlock();
    core_.Remove(shared_from_this());
    lock.lock();
  }

  ClientCore& core_;
  const std::string path_;
  WriteEvents write_{this};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  Step step_ = Step::kStarting;
  bool writing_ = false;
  bool failed_ = false;    // to write; the read ends too, and the status says why
  bool over_ = false;      // the answer or the end is there
  bool finished_ = false;  // and the status
  grpc::ByteBuffer message_, answer_;
  grpc::Status status_;
  std::optional<absl::Status> result_;
};

class Handle final : public UploadCall {
 public:
  explicit Handle(std::shared_ptr<UploadClientCall> call) : call_(std::move(call)) {}
  ~Handle() override { call_->Abort(); }

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
