// Calls to other services: deadlines, retries, and errors with their details.
#ifndef FIVESTRAND_PLATFORM_RPC_CLIENT_H_
#define FIVESTRAND_PLATFORM_RPC_CLIENT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/rpc/tls.h"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace grpc {
class ByteBuffer;
class Channel;
}  // namespace grpc

namespace fivestrand::rpc {

struct CallContext;

struct CallOptions {
  // The time that the call has, retries included. Zero: ClientOptions::default_timeout.
  absl::Duration timeout;
  // Identity token of the caller; sent as `authorization: Bearer`.
  std::string token;
  // Sent as x-request-id when not empty.
  std::string request_id;
  std::string traceparent;
  // Further metadata, lower-case keys.
  std::vector<std::pair<std::string, std::string>> metadata;
  // Whether the call may be repeated when the peer is UNAVAILABLE. Call() with a descriptor decides by itself when this is false:
  // reads (bound to HTTP GET, or named Get... or List...) and writes whose `request_id` is set.
  bool repeatable = false;

  // What a body passes on: remaining time, token, request id and traceparent.
  static CallOptions From(const CallContext& context);
};

struct ClientOptions {
  // host:port, or any gRPC target.
  std::string target;
  TlsFiles tls;
  absl::Duration default_timeout = absl::Seconds(10);
  // Tries of a repeatable call, the first included; the pauses double from the first to the last, with jitter.
  int max_tries = 4;
  absl::Duration first_pause = absl::Milliseconds(50);
  absl::Duration last_pause = absl::Seconds(1);
  std::size_t max_message_bytes = 4 * 1024 * 1024;
};

// What a reader says to each message of a stream.
enum class StreamFlow {
  kNext,    // asks for the next one
  kHold,    // as kNext, but only once Resume is called: the peer is slowed down meanwhile
  kCancel,  // ends the stream
};

// A server stream that is being read. Dropping it does not end the stream; Cancel does.
class StreamCall {
 public:
  virtual ~StreamCall() = default;
  // Ends the stream; on_done still comes, with CANCELLED.
  virtual void Cancel() = 0;
  // After kHold, from any thread: asks for the next message.
  virtual void Resume() = 0;
};

// A client stream that is being sent. Used on one thread at a time, except Cancel. Must not outlive its client. Dropping it before
// Finish cancels the call.
class UploadCall {
 public:
  virtual ~UploadCall() = default;
  // Waits until the transport has taken the message, so a peer that is slow slows the caller. False when the call is over: Finish
  // says how.
  virtual bool Send(const google::protobuf::Message& message) = 0;
  // Says that this was all, waits for the answer, and ends the call. Once.
  virtual absl::Status Finish(google::protobuf::Message* response) = 0;
  // From any thread.
  virtual void Cancel() = 0;
};

// Thread-safe. Owns one completion queue and one thread, on which callbacks run: they must not wait, and must not make blocking
// calls. The destructor cancels what is under way and waits for its callbacks.
class Client {
 public:
  // Connects lazily. INVALID_ARGUMENT when the TLS files cannot be read.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(ClientOptions options);
  // Over a given channel, such as Server::InProcessChannel().
  static std::unique_ptr<Client> Over(std::shared_ptr<grpc::Channel> channel, ClientOptions options = {});

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // Waits for the answer. `path` is /package.Service/Method.
  absl::Status Call(const google::protobuf::MethodDescriptor* method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const CallOptions& options = {});
  absl::Status Call(std::string_view path, const google::protobuf::Message& request, google::protobuf::Message* response,
                    const CallOptions& options = {});

  // Bytes in, bytes out. `done` runs on the client's thread, once.
  void CallAsync(std::string_view path, grpc::ByteBuffer request, const CallOptions& options,
                 std::function<void(absl::Status, grpc::ByteBuffer)> done);

  // Reads a server stream. `on_message` says how to go on (a bool: true for kNext, false for kCancel); the next message is asked
  // for only then, so a slow caller slows the peer. A timeout of zero means no deadline. After `on_done` nothing is called.
  std::shared_ptr<StreamCall> Stream(std::string_view path, grpc::ByteBuffer request, const CallOptions& options,
                                     std::function<StreamFlow(grpc::ByteBuffer)> on_message,
                                     std::function<void(absl::Status)> on_done);
  std::shared_ptr<StreamCall> Stream(std::string_view path, grpc::ByteBuffer request, const CallOptions& options,
                                     std::function<bool(grpc::ByteBuffer)> on_message, std::function<void(absl::Status)> on_done);

  // Opens a client stream. A timeout of zero leaves the deadline to the peer. Never repeated by itself: the caller knows whether it
  // can send everything again.
  std::unique_ptr<UploadCall> Upload(const google::protobuf::MethodDescriptor* method, const CallOptions& options);

 private:
  class Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_CLIENT_H_
