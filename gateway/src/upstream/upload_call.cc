#include <atomic>
#include <deque>
#include <grpcpp/generic/generic_stub.h>
#include <utility>

#include "gateway/src/upstream/call_state.h"

namespace fivestrand::gateway::upstream {
namespace {

// Many messages, one answer. Two operations may be under way: a write, and of start, read and finish the one whose turn it is. The
// read stands from the start, for the answer, or the end, may come while there is nothing to write. What happens is decided on the
// loop. Owns itself until the end was delivered and no operation is under way.
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
    Begin();
    stream_->StartCall(tag());
  }

  // On the queue's thread.
  void Complete(bool ok) override {
    Post([self = shared_from_this(), ok] { self->Completed(ok); });
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
  enum class Step { kStart, kRead, kFinish };

  class WriteTag final : public Tag {
   public:
    explicit WriteTag(ChannelUpload* call) : call_(call) {}
    void Complete(bool ok) override {
      call_->Post([self = call_->shared_from_this(), ok] { self->Written(ok); });
    }

   private:
    ChannelUpload* const call_;
  };

  void Begin() {
    Begun();
    pending_.fetch_add(1, std::memory_order_relaxed);
  }

  // An operation is over; what follows from it is done on the loop, if there still is one.
  template <class Work>
  void Post(Work work) {
    Ended();
    const bool last = pending_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    if (!peer_->closing) return loop_->Post(std::move(work));
    if (last) self_ = nullptr;  // Nobody is left to hear of it. `work` keeps this until it is dropped.
  }

  void Queue(grpc::ByteBuffer message) {
    queued_bytes_ += message.Length();
    queue_.push_back(std::move(message));
  }

  void Completed(bool ok) {
    switch (step_) {
      case Step::kStart:
        if (ok) {
          step_ = Step::kRead;
          Begin();
          stream_->Read(&answer_, tag());
          return Advance();
        }
        [[fallthrough]];
      case Step::kRead:
        // With an answer or without: the status says what it was.
        over_ = true;
        step_ = Step::kFinish;
        Begin();
        return stream_->Finish(&status_, tag());
      case Step::kFinish:
        Deliver();
        return ReleaseWhenDone();
    }
  }

  void Advance() {
    if (step_ != Step::kRead || over_ || writing_ || closed_) return;
    if (queue_.empty() && !all_given_) return;
    writing_ = true;
    Begin();
    if (queue_.empty()) {
      closed_ = true;
      stream_->WritesDone(static_cast<Tag*>(&write_tag_));
    } else {
      stream_->Write(queue_.front(), static_cast<Tag*>(&write_tag_));
    }
  }

  // What failed to be sent needs no word here: the read ends too, and the status says why.
  void Written(bool ok) {
    writing_ = false;
    if (ok && !over_ && !closed_) {
      queued_bytes_ -= queue_.front().Length();
      queue_.pop_front();
      TellWritable();
      Advance();
    }
    ReleaseWhenDone();
  }

  void TellWritable() {
    if (over_ || !on_writable_ || queued_bytes_ >= writable_mark_) return;
    absl::AnyInvocable<void()> ready = std::move(on_writable_);
    on_writable_ = nullptr;
    ready();
  }

  void Deliver() {
    delivered_ = true;
    on_writable_ = nullptr;
    if (writing_) context_.TryCancel();  // The transport may keep what the peer does not want any more.
    const CallEnd end = EndOf(*peer_, *path_, context_, status_, /*with_initial=*/true);
    UnaryDone done = std::move(done_);
    done_ = nullptr;
    const BufferMessage message(&answer_);
    done(end, status_.ok() ? &message : nullptr);
  }

  void ReleaseWhenDone() {
    if (delivered_ && !writing_) self_ = nullptr;
  }

  UnaryDone done_;
  WriteTag write_tag_{this};
  std::atomic<int> pending_{0};
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  std::deque<grpc::ByteBuffer> queue_;
  size_t queued_bytes_ = 0;
  size_t writable_mark_ = 0;
  absl::AnyInvocable<void()> on_writable_;
  Step step_ = Step::kStart;
  bool writing_ = false;
  bool all_given_ = false;
  bool closed_ = false;
  bool over_ = false;
  bool delivered_ = false;
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
