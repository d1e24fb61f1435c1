#include <deque>
#include <grpcpp/generic/generic_stub.h>
#include <utility>

#include "gateway/src/upstream/call_state.h"

namespace fivestrand::gateway::upstream {
namespace {

// Many messages, one answer. At most one operation is under way: start, writes, close, read and finish, in this order. What happens
// is decided on the loop. Owns itself until the end was delivered.
class ChannelUpload final : public CallBase, public std::enable_shared_from_this<ChannelUpload> {
 public:
  ChannelUpload(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, UnaryDone done)
      : CallBase(std::move(peer), spec, loop), done_(std::move(done)) {
    Queue(ToBuffer(std::move(spec.bytes), spec.offset));
  }

  void Start() {
    self_ = shared_from_this();
    grpc::GenericStub stub(peer_->channel);
    stream_ = stub.PrepareCall(&context_, *path_, &peer_->queue);
    Begin(Step::kStart);
    stream_->StartCall(tag());
  }

  // On the queue's thread.
  void Complete(bool ok) override {
    Ended();
    if (peer_->closing) {
      self_ = nullptr;  // Nobody is left to hear of it.
      return;
    }
    loop_->Post([self = shared_from_this(), ok] { self->Completed(ok); });
  }

  void Next() override {}

  void Write(std::string message) {
    if (over_ || all_given_) return;
    Queue(ToBuffer(std::move(message), 0));
    Advance();
  }
  void CloseSend() {
    all_given_ = true;
    Advance();
  }
  size_t buffered() const { return queued_bytes_; }
  void WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) {
    if (over_) return;
    writable_mark_ = mark;
    on_writable_ = std::move(ready);
    loop_->Post([self = shared_from_this()] { self->TellWritable(); });
  }

 private:
  enum class Step { kStart, kWrite, kIdle, kClose, kRead, kFinish };

  void Queue(grpc::ByteBuffer message) {
    queued_bytes_ += message.Length();
    queue_.push_back(std::move(message));
  }

  void Begin(Step step) {
    step_ = step;
    Begun();
  }

  void Completed(bool ok) {
    // Whatever fails, the status says why.
    if (!ok && step_ != Step::kFinish) {
      over_ = true;
      Begin(Step::kFinish);
      return stream_->Finish(&status_, tag());
    }
    switch (step_) {
      case Step::kWrite:
        queued_bytes_ -= queue_.front().Length();
        queue_.pop_front();
        TellWritable();
        [[fallthrough]];
      case Step::kStart:
        step_ = Step::kIdle;
        return Advance();
      case Step::kClose:
        Begin(Step::kRead);
        return stream_->Read(&answer_, tag());
      case Step::kRead:
        over_ = true;
        Begin(Step::kFinish);
        return stream_->Finish(&status_, tag());
      case Step::kFinish:
        return Deliver();
      case Step::kIdle:
        return;
    }
  }

  void Advance() {
    if (step_ != Step::kIdle) return;
    if (!queue_.empty()) {
      Begin(Step::kWrite);
      stream_->Write(queue_.front(), tag());
    } else if (all_given_) {
      Begin(Step::kClose);
      stream_->WritesDone(tag());
    }
  }

  void TellWritable() {
    if (over_ || !on_writable_ || queued_bytes_ >= writable_mark_) return;
    absl::AnyInvocable<void()> ready = std::move(on_writable_);
    on_writable_ = nullptr;
    ready();
  }

  void Deliver() {
    const auto self = std::move(self_);
    on_writable_ = nullptr;
    queue_.clear();
    const CallEnd end = EndOf(*peer_, *path_, context_, status_, /*with_initial=*/true);
    UnaryDone done = std::move(done_);
    done_ = nullptr;
    const BufferMessage message(&answer_);
    done(end, status_.ok() ? &message : nullptr);
  }

  UnaryDone done_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  std::deque<grpc::ByteBuffer> queue_;
  size_t queued_bytes_ = 0;
  size_t writable_mark_ = 0;
  absl::AnyInvocable<void()> on_writable_;
  Step step_ = Step::kStart;
  bool all_given_ = false;
  bool over_ = false;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
  std::shared_ptr<ChannelUpload> self_;
};

class Handle final : public UploadCall {
 public:
  explicit Handle(std::shared_ptr<ChannelUpload> call) : call_(std::move(call)) {}
  void Cancel() override { call_->Cancel(); }
  void Next() override {}
  void Write(std::string message) override { call_->Write(std::move(message)); }
  void CloseSend() override { call_->CloseSend(); }
  size_t buffered() const override { return call_->buffered(); }
  void WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) override { call_->WhenWritable(mark, std::move(ready)); }

 private:
  const std::shared_ptr<ChannelUpload> call_;
};

}  // namespace

std::shared_ptr<UploadCall> StartUpload(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, UnaryDone done) {
  auto call = std::make_shared<ChannelUpload>(std::move(peer), std::move(spec), loop, std::move(done));
  call->Start();
  return std::make_shared<Handle>(std::move(call));
}

}  // namespace fivestrand::gateway::upstream
