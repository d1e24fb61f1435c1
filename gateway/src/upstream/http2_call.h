// A call on an HTTP/2 connection: what goes out, what has come in, and whom to tell.
#ifndef FIVESTRAND_GATEWAY_SRC_UPSTREAM_HTTP2_CALL_H_
#define FIVESTRAND_GATEWAY_SRC_UPSTREAM_HTTP2_CALL_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::upstream {

class Http2Session;

// Lives on one loop. Owned by its session while it is under way.
class Http2Call final : public UploadCall, public std::enable_shared_from_this<Http2Call> {
 public:
  enum class Kind { kUnary, kStream, kUpload };

  // `kind` is kUnary or kUpload. `on_over` runs once, before the caller hears of the end.
  Http2Call(const UpstreamOptions* options, Kind kind, CallSpec spec, UnaryDone done, absl::AnyInvocable<void()> on_over);
  Http2Call(const UpstreamOptions* options, CallSpec spec, StreamEvents events, absl::AnyInvocable<void()> on_over);
  ~Http2Call() override;

  void Cancel() override;
  void Next() override;
  void Write(std::string message) override;
  void CloseSend() override;
  size_t buffered() const override { return queued_bytes_; }
  void WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) override;

  // Ends it before, or instead of, what the peer says. Does nothing after the end.
  void End(absl::Status status);
  bool ended() const { return ended_; }
  absl::Time deadline() const { return spec_.deadline; }

  // For the session.
  const CallSpec& spec() const { return spec_; }
  void Attach(Http2Session* session, int32_t stream) {
    session_ = session;
    stream_ = stream;
  }
  void Detach() { session_ = nullptr; }
  int32_t stream() const { return stream_; }
  // Takes up to `size` bytes of the framed request; `*last` when those were the last. None and not the last: there will be more.
  size_t TakeOutgoing(uint8_t* into, size_t size, bool* last);
  // Whether what arrives stays until somebody asks for it, so that the peer must be held back.
  bool holds_back() const { return kind_ == Kind::kStream; }
  // Whether the peer may say its last word although it has not been sent everything.
  bool still_sends() const { return kind_ == Kind::kUpload && !(all_given_ && queue_.empty()); }
  // Whether the call can be begun anew: the peer has said nothing, and nothing that was sent is gone.
  bool untouched() const { return !head_seen_ && in_.empty() && (kind_ != Kind::kUpload || sent_ == 0); }
  void Rewind() { sent_ = 0; }
  // True the first time.
  bool MarkRetried() { return !std::exchange(retried_, true); }

  void OnHeader(std::string_view name, std::string_view value, bool trailer);
  void OnHeadersDone();
  // False when the answer is larger than may be.
  bool OnData(std::string_view data);
  // The stream is over; `error` is "" when the peer ended it well.
  void OnStreamClosed(const std::string& error);
  // Hands out what is there: the head, and the next message if one was asked for.
  void Deliver();

 private:
  class Arrived;

  size_t TakeQueued(uint8_t* into, size_t size, bool* last);
  std::optional<std::string_view> NextMessage();
  void Finish(absl::Status status);

  const UpstreamOptions* const options_;
  CallSpec spec_;
  UnaryDone done_;
  StreamEvents events_;
  absl::AnyInvocable<void()> on_over_;
  const Kind kind_;

  Http2Session* session_ = nullptr;
  int32_t stream_ = -1;
  char prefix_[5];
  size_t sent_ = 0;
  // Of an upload: what is to be sent after the first message, framed, and whether that is all.
  std::deque<std::string> queue_;
  size_t queue_begin_ = 0;  // in the first of them
  size_t queued_bytes_ = 0;
  bool all_given_ = false;
  size_t writable_mark_ = 0;
  absl::AnyInvocable<void()> on_writable_;

  int http_status_ = 0;
  std::optional<int> grpc_status_;
  std::string grpc_message_, grpc_details_;
  Metadata initial_, trailing_;
  std::string in_;
  size_t in_begin_ = 0;
  bool head_seen_ = false, head_told_ = false;
  bool wants_message_ = true;
  bool delivering_ = false;
  std::optional<absl::Status> over_;  // the stream has ended like this; told when the messages before it are
  bool ended_ = false;
  bool retried_ = false;
};

}  // namespace fivestrand::gateway::upstream

#endif  // FIVESTRAND_GATEWAY_SRC_UPSTREAM_HTTP2_CALL_H_
