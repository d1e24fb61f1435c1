#include "platform/rpc/client.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "platform/rpc/bytes.h"
#include "platform/rpc/call_context.h"
#include "platform/rpc/client_core.h"
#include "platform/rpc/credentials.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

bool IsRead(const google::protobuf::MethodDescriptor* method) {
  return absl::StartsWith(method->name(), "Get") || absl::StartsWith(method->name(), "List") ||
         method->options().GetExtension(google::api::http).pattern_case() == google::api::HttpRule::kGet;
}

bool HasRequestId(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  return field != nullptr && !field->is_repeated() && field->type() == google::protobuf::FieldDescriptor::TYPE_STRING &&
         !request.GetReflection()->GetString(request, field).empty();
}

}  // namespace

class Client::Impl {
 public:
  Impl(std::shared_ptr<grpc::Channel> channel, ClientOptions options) : core(std::move(channel), std::move(options)) {}
  ClientCore core;
};

CallOptions CallOptions::From(const CallContext& context) {
  CallOptions options;
  // Never zero, which would stand for the default.
  options.timeout = std::max(context.deadline - absl::Now(), absl::Nanoseconds(1));
  options.token = context.token;
  options.request_id = context.request_id;
  options.traceparent = context.traceparent;
  return options;
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(ClientOptions options) {
  FIVESTRAND_ASSIGN_OR_RETURN(auto credentials, ChannelCredentialsOf(options.tls));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  // A service that restarts is back within a second or two; gRPC's own pauses grow to two minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  // Our own retries know which calls may be repeated.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // Notices a peer that vanished under an open stream.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  // Clients of one process do not share a connection by accident.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  auto channel = grpc::CreateCustomChannel(options.target, credentials, arguments);
  return Over(std::move(channel), std::move(options));
}

std::unique_ptr<Client> Client::Over(std::shared_ptr<grpc::Channel> channel, ClientOptions options) {
  return std::unique_ptr<Client>(new Client(std::make_unique<Impl>(std::move(channel), std::move(options))));
}

absl::Status Client::Call(const google::protobuf::MethodDescriptor* method, const google::protobuf::Message& request,
                          google::protobuf::Message* response, const CallOptions& options) {
  if (options.repeatable || !(IsRead(method) || HasRequestId(request))) return Call(PathOf(method), request, response, options);
  CallOptions repeatable = options;
  repeatable.repeatable = true;
  return Call(PathOf(method), request, response, repeatable);
}

absl::Status Client::Call(std::string_view path, const google::protobuf::Message& request, google::protobuf::Message* response,
                          const CallOptions& options) {
  absl::Notification finished;
  absl::Status result;
  CallAsync(path, ToByteBuffer(request), options, [&](absl::Status status, grpc::ByteBuffer reply) {
    if (status.ok() && !ParseByteBuffer(reply, response)) status = status::Internal("the peer's answer does not parse");
    result = std::move(status);
    finished.Notify();
  });
  finished.WaitForNotification();
  return result;
}

void Client::CallAsync(std::string_view path, grpc::ByteBuffer request, const CallOptions& options,
                       std::function<void(absl::Status, grpc::ByteBuffer)> done) {
  StartUnary(&impl_->core, std::string(path), std::move(request), options, std::move(done));
}

std::shared_ptr<StreamCall> Client::Stream(std::string_view path, grpc::ByteBuffer request, const CallOptions& options,
                                           std::function<bool(grpc::ByteBuffer)> on_message,
                                           std::function<void(absl::Status)> on_done) {
  return Stream(path, std::move(request), options,
                std::function<StreamFlow(grpc::ByteBuffer)>([on_message = std::move(on_message)](grpc::ByteBuffer message) {
                  return on_message(std::move(message)) ? StreamFlow::kNext : StreamFlow::kCancel;
                }),
                std::move(on_done));
}

std::shared_ptr<StreamCall> Client::Stream(std::string_view path, grpc::ByteBuffer request, const CallOptions& options,
                                           std::function<StreamFlow(grpc::ByteBuffer)> on_message,
                                           std::function<void(absl::Status)> on_done) {
  return StartStream(&impl_->core, std::string(path), std::move(request), options, std::move(on_message), std::move(on_done));
}

std::unique_ptr<UploadCall> Client::Upload(const google::protobuf::MethodDescriptor* method, const CallOptions& options) {
  return StartUpload(&impl_->core, PathOf(method), options);
}

}  // namespace fivestrand::rpc
