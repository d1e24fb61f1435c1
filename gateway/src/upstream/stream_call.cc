#include <grpcpp/generic/generic_stub.h>
#include <utility>

#include "gateway/src/upstream/call_state.h"

namespace fivestrand::gateway::upstream {
namespace {

// One request, many answers. At most one operation is under way: start, write, read or finish, in this order. Owns itself until the
// end was delivered.
class StreamCall final : public CallBase, public std::enable_shared_from_this<StreamCall> {
 public:
  StreamCall(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, StreamEvents events)
      : CallBase(std::move(peer), spec, loop), events_(std::move(events)), request_(ToBuffer(std::move(spec.bytes), spec.offset)) {}

  void Start() {
    self_ = shared_from_this();
    grpc::GenericStub stub(peer_->channel);
    stream_ = stub.PrepareCall(&context_, *path_, &peer_->queue);
    Begun();
    stream_->StartCall(tag());
  }

  // On the queue's thread.
  void Complete(bool ok) override {
    Ended();
    if (peer_->closing) {
      self_ = nullptr;  // Nobody is left to hear of it.
      return;
    }
    if (step_ != Step::kFinish && !ok) return Finish();
    switch (step_) {
      case Step::kStart:
        step_ = Step::kWrite;
        Begun();
        stream_->WriteLast(request_, grpc::WriteOptions(), tag());
        return;
      case Step::kWrite:
        request_.Clear();
        step_ = Step::kHead;
        Begun();
        stream_->ReadInitialMetadata(tag());
        return;
      case Step::kHead:
        loop_->Post([self = shared_from_this()] { self->DeliverStart(); });
        step_ = Step::kRead;
        Begun();
        stream_->Read(&message_, tag());
        return;
      case Step::kRead:
        loop_->Post([self = shared_from_this()] { self->DeliverMessage(); });
        return;
      case Step::kFinish:
        loop_->Post([self = std::move(self_)] { self->DeliverEnd(); });
        return;
    }
  }

  void Next() override {
    if (ended_) return;
    Begun();
    stream_->Read(&message_, tag());
  }

 private:
  enum class Step { kStart, kWrite, kHead, kRead, kFinish };

  void Finish() {
    step_ = Step::kFinish;
    Begun();
    stream_->Finish(&status_, tag());
  }

  // A stream that ends without a message may have no header of its own; then the end says all.
  void DeliverStart() { events_.on_start(ToMetadata(context_.GetServerInitialMetadata())); }

  void DeliverMessage() {
    const BufferMessage message(&message_);
    events_.on_message(message);
  }

  void DeliverEnd() {
    ended_ = true;
    events_.on_end(EndOf(*peer_, *path_, context_, status_, /*with_initial=*/false));
    events_ = {};  // What they hold may hold this call.
  }

  StreamEvents events_;
  grpc::ByteBuffer request_, message_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::Status status_;
  Step step_ = Step::kStart;
  bool ended_ = false;
  std::shared_ptr<StreamCall> self_;
};

}  // namespace

std::shared_ptr<Call> StartStream(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, StreamEvents events) {
  auto call = std::make_shared<StreamCall>(std::move(peer), std::move(spec), loop, std::move(events));
  call->Start();
  return call;
}

}  // namespace fivestrand::gateway::upstream
