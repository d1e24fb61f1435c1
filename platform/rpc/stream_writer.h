// The sending side of a server stream.
#ifndef FIVESTRAND_PLATFORM_RPC_STREAM_WRITER_H_
#define FIVESTRAND_PLATFORM_RPC_STREAM_WRITER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"

namespace google::protobuf {
class MessageLite;
}

namespace fivestrand::rpc {

// Thread-safe; no method waits. Messages are sent in the order of the calls. A stream ends by Finish, when the peer goes away, at
// its deadline or the end of its token, when the server stops, or when more than ServerOptions::stream_queue messages wait for a
// slow reader (RESOURCE_EXHAUSTED; what waits is dropped).
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // False when the stream has ended or ends by this call.
  virtual bool WriteBytes(std::shared_ptr<const std::string> bytes) = 0;
  bool WriteBytes(std::string bytes) { return WriteBytes(std::make_shared<const std::string>(std::move(bytes))); }
  bool Write(const google::protobuf::MessageLite& message);

  // Ends the stream after what waits has been sent. Later calls have no effect.
  virtual void Finish(absl::Status status) = 0;

  // `callback` runs once, when the stream has ended for whatever reason; at once if it has. It may run on any thread and must not
  // wait. One per stream.
  virtual void OnDone(std::function<void()> callback) = 0;

  virtual bool open() const = 0;

  // Messages that wait for the reader: a sender that can wait gives no more while this is high.
  virtual std::size_t queued() const = 0;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_STREAM_WRITER_H_
