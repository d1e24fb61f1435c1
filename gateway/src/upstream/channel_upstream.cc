#include <grpcpp/alarm.h>
#include <thread>
#include <utility>

#include "gateway/src/upstream/call_state.h"
#include "gateway/src/upstream/status_of.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::upstream {
namespace {

class RefusedCall final : public UploadCall {
 public:
  void Cancel() override {}
  void Next() override {}
  void Write(std::string) override {}
  void CloseSend() override {}
  size_t buffered() const override { return 0; }
  void WhenWritable(size_t, absl::AnyInvocable<void()>) override {}
};

// Wakes the queue's thread to end it.
class CloseTag final : public Tag {
 public:
  explicit CloseTag(Peer* peer) : peer_(peer) {}
  void Complete(bool) override {
    peer_->closing = true;
    CancelAll(peer_);
  }

 private:
  Peer* const peer_;
};

class GrpcUpstream final : public Upstream {
 public:
  GrpcUpstream(UpstreamOptions options, std::shared_ptr<grpc::Channel> channel)
      : peer_(std::make_shared<Peer>()), close_(peer_.get()) {
    peer_->options = std::move(options);
    peer_->channel = std::move(channel);
    thread_ = std::thread([peer = peer_] {
      void* tag;
      bool ok, shut = false;
      while (peer->queue.Next(&tag, &ok)) {
        static_cast<Tag*>(tag)->Complete(ok);
        // No loop runs any more when an upstream is destroyed, so nothing but this thread could begin an operation.
        if (peer->closing && !shut && peer->operations.load(std::memory_order_relaxed) == 0) {
          shut = true;
          peer->queue.Shutdown();
        }
      }
    });
  }

  ~GrpcUpstream() override {
    grpc::Alarm wake;
    wake.Set(&peer_->queue, gpr_now(GPR_CLOCK_MONOTONIC), static_cast<Tag*>(&close_));
    thread_.join();
  }

  const std::string& name() const override { return peer_->options.name; }

  std::shared_ptr<Call> Unary(CallSpec spec, http::Loop* loop, UnaryDone done) override {
    if (!peer_->Admit()) {
      loop->Post([done = std::move(done), end = CallEnd{Overloaded(name()), {}, {}}]() mutable { done(end, nullptr); });
      return std::make_shared<RefusedCall>();
    }
    return StartUnary(peer_, std::move(spec), loop, std::move(done));
  }

  std::shared_ptr<Call> Stream(CallSpec spec, http::Loop* loop, StreamEvents events) override {
    if (!peer_->Admit()) {
      loop->Post([events = std::move(events), end = CallEnd{Overloaded(name()), {}, {}}]() mutable { events.on_end(end); });
      return std::make_shared<RefusedCall>();
    }
    return StartStream(peer_, std::move(spec), loop, std::move(events));
  }

  std::shared_ptr<UploadCall> Upload(CallSpec spec, http::Loop* loop, UnaryDone done) override {
    if (!peer_->Admit()) {
      loop->Post([done = std::move(done), end = CallEnd{Overloaded(name()), {}, {}}]() mutable { done(end, nullptr); });
      return std::make_shared<RefusedCall>();
    }
    return StartUpload(peer_, std::move(spec), loop, std::move(done));
  }

 private:
  const std::shared_ptr<Peer> peer_;
  CloseTag close_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Upstream> Upstream::Over(UpstreamOptions options, std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<GrpcUpstream>(std::move(options), std::move(channel));
}

}  // namespace fivestrand::gateway::upstream
