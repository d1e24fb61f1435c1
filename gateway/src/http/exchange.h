// One request and the answer to it.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_EXCHANGE_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_EXCHANGE_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"

#include "gateway/src/http/message.h"

namespace fivestrand::gateway::http {

class ClientSocket;
class ClientTls;

// A thread that serves connections. Work for a connection must run on its loop.
class Loop {
 public:
  virtual ~Loop() = default;
  // Runs `work` on the loop's thread, in order of posting. May be called from any thread. Work that is posted while the loop is
  // busy is run in one batch with a single wake-up.
  virtual void Post(absl::AnyInvocable<void()> work) = 0;

  // On the loop's thread only.
  virtual void RunAfter(std::chrono::milliseconds delay, absl::AnyInvocable<void()> work) = 0;
  // A connection to somewhere else; plain when `tls` is null.
  virtual std::shared_ptr<ClientSocket> NewClientSocket(std::shared_ptr<ClientTls> tls) = 0;
};

// What has arrived of a body.
struct BodyPart {
  std::string data;
  bool last = false;
  // Not 0: the body cannot be read on, and the answer to give. `detail` is safe to show and lives for ever.
  int error_status = 0;
  std::string_view detail;
};

// Lives until the last reference is dropped; answering after the peer has gone does nothing. Everything but `loop()` must be called
// on the loop's thread. Either Respond once, or Start, any number of Write, and Finish once. An exchange that is dropped unanswered
// closes its connection.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const Request& request() const = 0;
  // For taking the body out without a copy.
  virtual Request& mutable_request() = 0;
  virtual Loop& loop() const = 0;

  // Of a request whose body the handler takes as it arrives (Handler::StreamsBody), and then the only way to the body: asks for its
  // next part. `got` is called once, when there is one; not at all when the peer leaves or the request is answered first. Once per
  // part, and not after the last or an error. What is not asked for stays with the peer. An answer that comes before the last part
  // ends the connection.
  virtual void ReadBody(absl::AnyInvocable<void(BodyPart)> got) = 0;

  virtual void Respond(Response response) = 0;

  // A streamed answer: chunked, or until close for an HTTP/1.0 client.
  virtual void Start(ResponseHead head) = 0;
  virtual void Write(std::string data) = 0;
  virtual void Finish() = 0;
  // Bytes that Write has taken and the peer has not.
  virtual size_t buffered() const = 0;
  // Called once, when buffered() has fallen below `mark`; at once if it is below already.
  virtual void WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) = 0;

  // Whether the peer is gone or the connection was given up.
  virtual bool aborted() const = 0;
  // Called once if the peer goes away before the answer is complete. At most one callback is kept.
  virtual void OnAbort(absl::AnyInvocable<void()> gone) = 0;
  // Called once when the server begins to drain while the answer is not complete: a long stream should end itself.
  virtual void OnDrain(absl::AnyInvocable<void()> draining) = 0;

  // For the access log and the metrics: what kind of route it was and its pattern, never a path with ids in it. Both must outlive
  // the server.
  virtual void set_route(std::string_view kind, std::string_view pattern) = 0;
  virtual void set_request_id(std::string id) = 0;
  virtual const std::string& request_id() const = 0;
};

// What the server does with requests.
class Handler {
 public:
  virtual ~Handler() = default;
  // Largest body that the request may bring. Called when the header has been read; the body is not there yet.
  virtual size_t BodyLimit(const Request& request) = 0;
  // Whether Handle is to be called before the body is there. Asked after BodyLimit, which still holds.
  virtual bool StreamsBody(const Request&) { return false; }
  virtual void Handle(std::shared_ptr<Exchange> exchange) = 0;
  // The answer to a request that never became one (limits, bad syntax, timeouts). `detail` is safe to show.
  virtual Response Refuse(int status, std::string_view detail) = 0;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_EXCHANGE_H_
