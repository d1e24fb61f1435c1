// A server stream as a thread reads it: message by message, waiting for the next.
#ifndef FIVESTRAND_PLATFORM_RPC_PULLED_STREAM_H_
#define FIVESTRAND_PLATFORM_RPC_PULLED_STREAM_H_

#include <cstddef>
#include <grpcpp/support/byte_buffer.h>
#include <memory>
#include <stop_token>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/rpc/client.h"

namespace fivestrand::rpc {

// Used by one thread. The client outlives it, or ends the stream.
class PulledStream {
 public:
  // At most `limit` messages are taken in advance; beyond that the peer is slowed down.
  PulledStream(Client& client, std::string_view path, grpc::ByteBuffer request, const CallOptions& options, std::size_t limit);
  // Cancels what has not ended.
  ~PulledStream();

  enum class Got {
    kMessage,
    kNothing,  // in that time, or a stop was asked for
    kEnd,      // see status()
  };
  // Waits for the next message, at most `timeout` (zero: not at all).
  Got Next(absl::Duration timeout, const std::stop_token& stop, grpc::ByteBuffer* message);

  // How the stream has ended; valid after kEnd.
  absl::Status status() const;

 private:
  struct State;
  const std::shared_ptr<State> state_;
  const std::shared_ptr<StreamCall> call_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_PULLED_STREAM_H_
