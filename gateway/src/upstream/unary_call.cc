#include <grpcpp/generic/generic_stub.h>
#include <utility>

#include "gateway/src/upstream/call_state.h"

namespace fivestrand::gateway::upstream {
namespace {

// Owns itself from the start until the callback has run.
class UnaryCall final : public CallBase, public std::enable_shared_from_this<UnaryCall> {
 public:
  UnaryCall(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, UnaryDone done)
      : CallBase(std::move(peer), spec, loop), done_(std::move(done)), request_(ToBuffer(std::move(spec.bytes), spec.offset)) {}

  void Start() {
    self_ = shared_from_this();
    grpc::GenericStub stub(peer_->channel);
    reader_ = stub.PrepareUnaryCall(&context_, *path_, request_, &peer_->queue);
    reader_->StartCall();
    Begun();
    reader_->Finish(&answer_, &status_, tag());
  }

  // On the queue's thread.
  void Complete(bool) override {
    Ended();
    loop_->Post([self = std::move(self_)] { self->Deliver(); });
  }

  void Next() override {}

 private:
  void Deliver() {
    const CallEnd end = EndOf(*peer_, *path_, context_, status_, /*with_initial=*/true);
    UnaryDone done = std::move(done_);
    const BufferMessage message(&answer_);
    done(end, status_.ok() ? &message : nullptr);
  }

  UnaryDone done_;
  grpc::ByteBuffer request_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> reader_;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
  std::shared_ptr<UnaryCall> self_;
};

}  // namespace

std::shared_ptr<Call> StartUnary(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, UnaryDone done) {
  auto call = std::make_shared<UnaryCall>(std::move(peer), std::move(spec), loop, std::move(done));
  call->Start();
  return call;
}

}  // namespace fivestrand::gateway::upstream
