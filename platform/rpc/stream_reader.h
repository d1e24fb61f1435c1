// The receiving side of a client stream.
#ifndef FIVESTRAND_PLATFORM_RPC_STREAM_READER_H_
#define FIVESTRAND_PLATFORM_RPC_STREAM_READER_H_

#include "absl/status/statusor.h"

namespace google::protobuf {
class Message;
}

namespace fivestrand::rpc {

// Used by the body that it was given to, on one thread at a time, until the body returns. One message is read ahead of the body and
// no more, so a body that takes its time slows the peer.
class StreamReader {
 public:
  virtual ~StreamReader() = default;

  // Waits until the next message has come. True: it is in `message`, which is of the method's request type and was cleared first.
  // False: the peer has sent everything, and said so. Every message after the first is only parsed: it is neither validated nor
  // authorised, so a body takes nothing from it but its payload.
  //
  // An error means that the stream is not complete, and what was received must not be kept as if it were; the body answers with
  // it: CANCELLED (the peer is gone), DEADLINE_EXCEEDED (also when nothing has come for ServerOptions::upload_idle), UNAVAILABLE
  // (the server stops), INVALID_ARGUMENT (REQUEST_TOO_LARGE for a message or for all of them together, MALFORMED_BODY). False and
  // errors are given again to whoever asks again.
  virtual absl::StatusOr<bool> Next(google::protobuf::Message* message) = 0;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_STREAM_READER_H_
