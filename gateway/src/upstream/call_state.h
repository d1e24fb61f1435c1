// What the calls of an upstream share. Included by the sources of this folder only.
#ifndef FIVESTRAND_GATEWAY_SRC_UPSTREAM_CALL_STATE_H_
#define FIVESTRAND_GATEWAY_SRC_UPSTREAM_CALL_STATE_H_

#include <atomic>
#include <grpcpp/grpcpp.h>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::upstream {

// An operation on the completion queue.
class Tag {
 public:
  virtual void Complete(bool ok) = 0;

 protected:
  ~Tag() = default;
};

class CallBase;

// What a call needs of its upstream; lives until the last call is gone.
struct Peer {
  UpstreamOptions options;
  std::shared_ptr<grpc::Channel> channel;
  grpc::CompletionQueue queue;
  std::mutex mutex;  // of the next two
  // Calls that were started and are not over, for cancelling them.
  CallBase* first = nullptr;
  size_t in_flight = 0;
  // Operations on the queue.
  std::atomic<size_t> operations{0};
  // Set on the queue's thread; no operation is begun after it.
  bool closing = false;

  // Whether the call may be started; counts it in.
  bool Admit();
};

// A call in its peer's list. The last reference may go on any thread.
class CallBase : public Call, public Tag {
 public:
  CallBase(std::shared_ptr<Peer> peer, const CallSpec& spec, http::Loop* loop);
  ~CallBase() override;
  void Cancel() override { context_.TryCancel(); }

 protected:
  // Around every operation: Begun before it is given to the queue, Ended first thing in Complete.
  void Begun() { peer_->operations.fetch_add(1, std::memory_order_relaxed); }
  // What the queue gives back: not `this`, which is another address.
  void* tag() { return static_cast<Tag*>(this); }
  void Ended() { peer_->operations.fetch_sub(1, std::memory_order_relaxed); }

  const std::shared_ptr<Peer> peer_;
  const std::string* const path_;
  http::Loop* const loop_;
  grpc::ClientContext context_;

 private:
  CallBase* previous_ = nullptr;
  CallBase* next_ = nullptr;
  friend void CancelAll(Peer* peer);
};

void CancelAll(Peer* peer);

// A message that came as a ByteBuffer.
class BufferMessage final : public Message {
 public:
  explicit BufferMessage(const grpc::ByteBuffer* buffer) : buffer_(buffer) {}
  size_t size() const override { return buffer_->Length(); }
  void AppendTo(std::string* out) const override;
  std::string_view View(std::string* scratch) const override;

 private:
  const grpc::ByteBuffer* const buffer_;
  mutable grpc::Slice slice_;  // keeps what View returned
};

// Takes the bytes over without a copy, unless they are few.
grpc::ByteBuffer ToBuffer(std::string bytes, size_t offset);

// The end of a call as the gateway passes it on.
CallEnd EndOf(const Peer& peer, const std::string& path, const grpc::ClientContext& context, const grpc::Status& status,
              bool with_initial);
Metadata ToMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& from);

std::shared_ptr<Call> StartUnary(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, UnaryDone done);
std::shared_ptr<UploadCall> StartUpload(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, UnaryDone done);
std::shared_ptr<Call> StartStream(std::shared_ptr<Peer> peer, CallSpec spec, http::Loop* loop, StreamEvents events);

}  // namespace fivestrand::gateway::upstream

#endif  // FIVESTRAND_GATEWAY_SRC_UPSTREAM_CALL_STATE_H_
