// A service behind the gateway: calls by path with bytes in and out, never waiting.
#ifndef FIVESTRAND_GATEWAY_SRC_UPSTREAM_UPSTREAM_H_
#define FIVESTRAND_GATEWAY_SRC_UPSTREAM_UPSTREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "gateway/src/http/client_socket.h"
#include "gateway/src/http/exchange.h"

namespace grpc {
class Channel;
}

namespace fivestrand::gateway::upstream {

// Keys in lower case; values of keys ending in "-bin" are raw bytes.
using Metadata = std::vector<std::pair<std::string, std::string>>;

struct CallSpec {
  const std::string* path = nullptr;  // "/package.Service/Method"; must live until the call is done
  std::string bytes;                  // holds the request message, from `offset` on
  size_t offset = 0;
  Metadata metadata;
  absl::Time deadline = absl::InfiniteFuture();
};

// A message of the peer, valid during the callback that gets it.
class Message {
 public:
  virtual size_t size() const = 0;
  virtual void AppendTo(std::string* out) const = 0;
  // The bytes in one piece; copied into `*scratch` only if they came in several.
  virtual std::string_view View(std::string* scratch) const = 0;

 protected:
  ~Message() = default;
};

// How a call ended. When the peer could not be reached the status says so itself: UNAVAILABLE with reason UPSTREAM_UNAVAILABLE.
struct CallEnd {
  absl::Status status;
  Metadata initial, trailing;  // without what gRPC itself uses
};

// Handle of a call under way. Dropping it changes nothing. Used on the call's loop only.
class Call {
 public:
  virtual ~Call() = default;
  // The end still comes, with CANCELLED. Does nothing when the call is over.
  virtual void Cancel() = 0;
  // For a stream: asks for the next message. Once per message.
  virtual void Next() = 0;
};

// A call that takes a stream of messages and gives one answer.
class UploadCall : public Call {
 public:
  // Takes a message; it is sent when the peer has room for it.
  virtual void Write(std::string message) = 0;
  // There are no more messages. Once, after the last Write.
  virtual void CloseSend() = 0;
  // Bytes that Write has taken and that have not been sent yet.
  virtual size_t buffered() const = 0;
  // Calls `ready` on the loop when buffered() is below `mark`, never from within this function; not at all once the call is over.
  // One at a time.
  virtual void WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) = 0;
};

using UnaryDone = absl::AnyInvocable<void(const CallEnd& end, const Message* answer)>;  // `answer` is null on failure

struct StreamEvents {
  // Before the first message; not called when the stream fails at once.
  absl::AnyInvocable<void(const Metadata& initial)> on_start;
  // The next message comes only after Call::Next.
  absl::AnyInvocable<void(const Message& message)> on_message;
  absl::AnyInvocable<void(const CallEnd& end)> on_end;
};

struct UpstreamOptions {
  std::string name;  // for errors and metrics, for example "leadership"
  // Calls under way at a time; more are refused with RESOURCE_EXHAUSTED (OVERLOADED).
  size_t max_in_flight = 2000;
  size_t max_message_bytes = 4 * 1024 * 1024;
  // Called from any thread when a call could not be brought to the service.
  std::function<void()> on_unreachable;
  // Called from any thread when a call is over.
  std::function<void(absl::StatusCode)> on_end;
};

// Thread-safe. Callbacks run on the loop given, once each. Destroy it after the HTTP server has drained and before the server is
// destroyed; calls that are still under way are cancelled, and their ends may not be delivered any more.
class Upstream {
 public:
  // Speaks gRPC over HTTP/2 on the caller's own loop, with one connection a loop: at the edge this costs a third of what the gRPC
  // library's client does. `target`: host:port, dns:///host:port or unix:/path. Connects when the first call comes, and again after
  // a failure with pauses of 50 ms to 2 s, in which calls fail at once. `tls` may be empty for plain text; it is asked at each new
  // connection, so that renewed certificates are taken up.
  using TlsSource = std::function<absl::StatusOr<std::shared_ptr<http::ClientTls>>()>;
  static std::unique_ptr<Upstream> Connect(UpstreamOptions options, const std::string& target, TlsSource tls);
  // Through a channel of the gRPC library: for a server in this process that has no port.
  static std::unique_ptr<Upstream> Over(UpstreamOptions options, std::shared_ptr<grpc::Channel> channel);
  // A service that this deployment does not have: every call fails as one to a service that does not answer.
  static std::unique_ptr<Upstream> Absent(UpstreamOptions options);
  virtual ~Upstream() = default;

  virtual const std::string& name() const = 0;
  // Whether there is anybody to ask at all; see Absent.
  virtual bool present() const { return true; }
  virtual std::shared_ptr<Call> Unary(CallSpec spec, http::Loop* loop, UnaryDone done) = 0;
  virtual std::shared_ptr<Call> Stream(CallSpec spec, http::Loop* loop, StreamEvents events) = 0;
  // `spec` holds the first message. The answer may come before everything was sent; nothing more is needed then.
  virtual std::shared_ptr<UploadCall> Upload(CallSpec spec, http::Loop* loop, UnaryDone done) = 0;
};

}  // namespace fivestrand::gateway::upstream

#endif  // FIVESTRAND_GATEWAY_SRC_UPSTREAM_UPSTREAM_H_
