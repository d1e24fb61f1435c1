// A gRPC server whose services are built from their descriptors, and the wrapper round every call.
//
// A call goes through: request id -> metrics -> deadline -> identity -> decoding -> permission and scope -> field behaviour, limits
// and names -> body -> audit -> error mapping. What a method needs is read from the contract's options once, when the server
// starts.
//
//   rpc::Server server(std::move(options));
//   server.Handle<GetVisitRequest, Visit>(rpc::FindMethod("fivestrand.leadership.v1.VisitService.GetVisit"), rpc::Runs::kInline,
//   &GetVisit); absl::Status status = server.Start();
#ifndef FIVESTRAND_PLATFORM_RPC_SERVER_H_
#define FIVESTRAND_PLATFORM_RPC_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"

#include "platform/rpc/call_context.h"
#include "platform/rpc/reply.h"
#include "platform/rpc/stream_reader.h"
#include "platform/rpc/stream_writer.h"
#include "platform/rpc/tls.h"

namespace google::protobuf {
class MethodDescriptor;
class ServiceDescriptor;
}  // namespace google::protobuf

namespace grpc {
class Channel;
}

namespace prometheus {
class Registry;
}

namespace fivestrand::identity {
class AccessTable;
class TokenVerifier;
}  // namespace fivestrand::identity

namespace fivestrand::log {
class Logger;
}

namespace fivestrand::rpc {

class AuditSink;

struct ServerOptions {
  // Tells the servers of one process apart in metrics and logs, for example "leadership".
  std::string name;
  // host:port; port 0 takes a free one. Empty: reachable through InProcessChannel only.
  std::string listen_address;
  TlsFiles tls;
  bool reflection = false;

  // Needed. The registry, the logger and the sink outlive the server.
  std::shared_ptr<identity::TokenVerifier> verifier;
  std::shared_ptr<const identity::AccessTable> access;
  prometheus::Registry* metrics = nullptr;
  log::Logger* logger = nullptr;
  std::function<absl::Time()> clock = &absl::Now;
  // Needed when a method's policy says audit_read.
  AuditSink* audit = nullptr;

  // A call without deadline gets the first; no unary call gets more than the second.
  absl::Duration default_deadline = absl::Seconds(10);
  absl::Duration max_deadline = absl::Seconds(60);
  // Beyond these a call is answered RESOURCE_EXHAUSTED (OVERLOADED) with a delay after which to try again.
  std::size_t max_concurrent_calls = 2000;
  std::size_t pool_queue = 1000;
  std::size_t max_streams = 1000;
  // Messages that may wait for one slow reader.
  std::size_t stream_queue = 1024;
  // How long a peer that does not read may hold up the end of its stream before it is cancelled.
  absl::Duration slow_reader_grace = absl::Seconds(5);
  std::size_t pool_threads = 4;
  std::size_t max_message_bytes = 4 * 1024 * 1024;

  // Client streams. Their bodies wait for their peers, so they have threads of their own; so many may wait for one of these, and
  // more are answered RESOURCE_EXHAUSTED.
  std::size_t upload_threads = 4;
  std::size_t upload_queue = 32;
  // A client stream without deadline gets the first; none gets more than the second. It may outlive its token, like every call that
  // was let in.
  absl::Duration default_upload_deadline = absl::Minutes(10);
  absl::Duration max_upload_deadline = absl::Minutes(30);
  // How long a peer may keep a body waiting for its next message.
  absl::Duration upload_idle = absl::Seconds(30);
  // All messages of one client stream together.
  std::size_t max_upload_bytes = 256 * 1024 * 1024;
};

// Where a body runs. kInline: on the one transport thread, for what never waits (a point read, handing work to a queue). kPool: on
// a worker, for what may wait.
enum class Runs { kInline, kPool };

using UnaryBody = std::function<absl::Status(const CallContext& context, const google::protobuf::Message& request, Reply* reply)>;

// `done` is called exactly once, from any thread, also during the body; context and request live until then (the context also as
// long as the pointer is kept). The body itself runs where `Runs` says.
using AsyncUnaryBody = std::function<void(std::shared_ptr<const CallContext> context, const google::protobuf::Message& request,
                                          std::function<void(absl::Status, Reply)> done)>;

// The stream stays open after the body has returned, until it ends (see StreamWriter). The request lives as long as the context.
using StreamBody = std::function<void(std::shared_ptr<const CallContext> context, const google::protobuf::Message& request,
                                      std::shared_ptr<StreamWriter> writer)>;

// For a method that takes a stream. `first` went through the same steps as the request of a unary call, and is the one that counts
// for scope and permission; `rest` gives the messages after it. Runs on a thread of the server's that is kept for such bodies, and
// may answer before it has read everything.
using ClientStreamBody = std::function<absl::Status(const CallContext& context, const google::protobuf::Message& first,
                                                    StreamReader& rest, Reply* reply)>;

// Finds a method of a linked service by its full name (`package.Service.Method`); null when there is none.
const google::protobuf::MethodDescriptor* FindMethod(std::string_view full_name);
// The path on the wire: /package.Service/Method.
std::string PathOf(const google::protobuf::MethodDescriptor* method);
// Every permission that the services' methods, and the fields that their messages reach, ask for: what AccessTable::Compile wants.
std::vector<std::string> DeclaredPermissions(absl::Span<const google::protobuf::ServiceDescriptor* const> services);

class Server {
 public:
  explicit Server(ServerOptions options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // Shuts down at once if that was not done.
  ~Server();

  // Registration, before Start. A method registered twice, or of the wrong kind (unary, or streaming this way or that), makes Start
  // fail. Methods of a registered service that have no body are answered UNIMPLEMENTED (METHOD_NOT_SERVED).
  void Unary(const google::protobuf::MethodDescriptor* method, Runs where, UnaryBody body);
  void AsyncUnary(const google::protobuf::MethodDescriptor* method, Runs where, AsyncUnaryBody body);
  void ServerStream(const google::protobuf::MethodDescriptor* method, Runs where, StreamBody body);
  void ClientStream(const google::protobuf::MethodDescriptor* method, ClientStreamBody body);

  // A unary body with the method's own types.
  template <typename Request, typename Response, typename Body>
  void Handle(const google::protobuf::MethodDescriptor* method, Runs where, Body body) {
    Unary(method, where,
          [body = std::move(body)](const CallContext& context, const google::protobuf::Message& request,
                                   Reply* reply) -> absl::Status {
            google::protobuf::Arena arena;
            auto* response = google::protobuf::Arena::CreateMessage<Response>(&arena);
            absl::Status status = body(context, static_cast<const Request&>(request), response);
            if (status.ok()) reply->Set(*response);
            return status;
          });
  }

  // A body of a client stream with the method's own types: (const CallContext&, const Request& first, StreamReader& rest,
  // Response*).
  template <typename Request, typename Response, typename Body>
  void HandleClientStream(const google::protobuf::MethodDescriptor* method, Body body) {
    ClientStream(method,
                 [body = std::move(body)](const CallContext& context, const google::protobuf::Message& first, StreamReader& rest,
                                          Reply* reply) -> absl::Status {
                   google::protobuf::Arena arena;
                   auto* response = google::protobuf::Arena::CreateMessage<Response>(&arena);
                   absl::Status status = body(context, static_cast<const Request&>(first), rest, response);
                   if (status.ok()) reply->Set(*response);
                   return status;
                 });
  }

  // Every method registered so far, in order; the full contract that Start will serve.
  std::vector<const google::protobuf::ServiceDescriptor*> services() const;

  // Compiles the plans and listens; health is NOT_SERVING until SetServing. FAILED_PRECONDITION names a method or option that the
  // contract gets wrong (no policy, a scope path that is not there, a pattern that does not compile); UNAVAILABLE: cannot listen.
  absl::Status Start();

  // Port that is listened on; 0 when none.
  int port() const;

  // grpc.health.v1 for every service name and overall.
  void SetServing(bool serving);
  // NOT_SERVING for good; calls are still taken.
  void BeginDrain();
  // Ends server streams, and client streams that are not complete, with UNAVAILABLE (DRAINING), takes no new call, lets calls under
  // way end until `deadline` and cancels the rest. Returns when every body has returned and every `done` was called. May be called
  // twice.
  void Shutdown(absl::Time deadline);

  // Whether the transport thread answers in time: what /livez asks. False after Shutdown.
  bool Responsive(absl::Duration within);
  // Brings the gauges (calls in flight, queue, streams) up to date; called before metrics are read.
  void SampleMetrics();

  // A channel to this server without a socket. After Start; the server outlives the channel's calls.
  std::shared_ptr<grpc::Channel> InProcessChannel();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_SERVER_H_
