// The HTTP/2 of a connection to a service: nghttp2 with calls on it, without a socket.
#ifndef FIVESTRAND_GATEWAY_SRC_UPSTREAM_HTTP2_SESSION_H_
#define FIVESTRAND_GATEWAY_SRC_UPSTREAM_HTTP2_SESSION_H_

#include <memory>
#include <nghttp2/nghttp2.h>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/functional/any_invocable.h"

#include "gateway/src/upstream/http2_call.h"

namespace fivestrand::gateway::upstream {

// Used on one loop only.
class Http2Session {
 public:
  Http2Session(std::string authority, bool tls);
  ~Http2Session();

  // Called when there may be something to flush or to deliver; the owner then calls Flush from the loop. To be set first.
  void OnWake(absl::AnyInvocable<void()> wake) { wake_ = std::move(wake); }

  void Start(std::shared_ptr<Http2Call> call);
  // Bytes from the peer. False when they cannot be read on.
  bool Receive(std::string_view data);
  // Appends what is to be sent, and hands out what has arrived.
  void Flush(std::string* out);
  // The connection is gone: every call fails.
  void Lost(const std::string& cause);
  // Ends the calls whose time is over.
  void Expire(absl::Time now);

  // Whether new calls may be started; not after the peer said that it will go.
  bool open() const { return open_; }
  bool idle() const { return calls_.empty(); }
  // Whether the connection is still of use; false when the peer broke the protocol and was told so.
  bool alive() const { return nghttp2_session_want_read(session_) != 0 || nghttp2_session_want_write(session_) != 0; }

  // For calls.
  void Reset(int32_t stream);
  void Consumed(int32_t stream, size_t bytes);
  // There is more to send on a stream that had nothing.
  void Resume(int32_t stream);
  void DeliverSoon(std::shared_ptr<Http2Call> call);
  // A call that the peer refused unseen; to be started on another connection.
  std::vector<std::shared_ptr<Http2Call>> TakeRefused() { return std::move(refused_); }

 private:
  struct Callbacks;
  Http2Call* Find(int32_t stream);
  void Wake();
  void DeliverAll();

  const std::string authority_;
  const bool tls_;
  absl::AnyInvocable<void()> wake_;
  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, std::shared_ptr<Http2Call>> calls_;
  std::vector<std::shared_ptr<Http2Call>> ready_, refused_;
  bool open_ = true;
  bool woken_ = false;
};

}  // namespace fivestrand::gateway::upstream

#endif  // FIVESTRAND_GATEWAY_SRC_UPSTREAM_HTTP2_SESSION_H_
