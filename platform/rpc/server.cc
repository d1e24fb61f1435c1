#include "platform/rpc/server.h"

#include <algorithm>
#include <grpcpp/alarm.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/channel_arguments.h>
#include <map>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "google/protobuf/descriptor.h"

#include "platform/rpc/credentials.h"
#include "platform/rpc/resource_index.h"
#include "platform/rpc/rpc_service.h"
#include "platform/rpc/server_core.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::rpc {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// Calls that may arrive at once for one method without waiting for the queue's thread to ask for the next.
constexpr int kAcceptsPerMethod = 4;

// Linking reflection puts it on every server of the process, so a server that is not to have it takes it off again.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [](const auto& plugin) {
      return dynamic_cast<grpc::reflection::ProtoServerReflectionPlugin*>(plugin.get()) != nullptr;
    });
  }
};

class Heartbeat final : public Tag {
 public:
  explicit Heartbeat(ServerCore* core) : core_(core) {}
  void Proceed(bool) override {
    beat->Notify();
    ServerCore* const core = core_;
    delete this;
    core->RemoveWaiter();
  }

  grpc::Alarm alarm;
  std::shared_ptr<absl::Notification> beat = std::make_shared<absl::Notification>();

 private:
  ServerCore* const core_;
};

grpc::internal::RpcMethod::RpcType TypeOf(MethodEntry::Kind kind) {
  switch (kind) {
    case MethodEntry::Kind::kServerStream:
      return grpc::internal::RpcMethod::SERVER_STREAMING;
    case MethodEntry::Kind::kClientStream:
      return grpc::internal::RpcMethod::CLIENT_STREAMING;
    case MethodEntry::Kind::kUnary:
      break;
  }
  return grpc::internal::RpcMethod::NORMAL_RPC;
}

absl::Status CheckOptions(const ServerOptions& options) {
  if (options.verifier == nullptr || options.access == nullptr || options.metrics == nullptr || options.logger == nullptr) {
    return status::Precondition("SERVER_OPTIONS", options.name, "needs a verifier, an access table, a registry and a logger");
  }
  if (options.pool_threads == 0 || options.upload_threads == 0)
    return status::Precondition("SERVER_OPTIONS", options.name, "needs a pool thread");
  return absl::OkStatus();
}

}  // namespace

class Server::Impl {
 public:
  explicit Impl(ServerOptions server_options) : options_(std::move(server_options)) {}
  ~Impl() { Shutdown(absl::Now()); }

  void Add(MethodEntry entry) {
    if (entry.method == nullptr) {
      problems_.push_back("a registered method is not linked");
      return;
    }
    const bool takes = entry.client_stream != nullptr;
    const bool gives = entry.stream != nullptr;
    if (entry.method->client_streaming() != takes || entry.method->server_streaming() != gives) {
      problems_.push_back(absl::StrCat(entry.method->full_name(), " is of another kind"));
    } else if (const auto [place, added] = entries_.try_emplace(entry.method); added) {
      place->second = std::make_unique<MethodEntry>(std::move(entry));
      if (std::find(services_.begin(), services_.end(), place->first->service()) == services_.end()) {
        services_.push_back(place->first->service());
      }
    } else {
      problems_.push_back(absl::StrCat(entry.method->full_name(), " is registered twice"));
    }
  }

  absl::Status Start();
  void Shutdown(absl::Time deadline);
  bool Responsive(absl::Duration within);

  const std::vector<const ServiceDescriptor*>& services() const { return services_; }
  int port() const { return port_; }
  grpc::Server* transport() { return server_.get(); }
  ServerCore* core() { return core_.get(); }

 private:
  void AddMissing(const ServiceDescriptor* service);
  absl::Status CompileEntries();
  absl::Status Listen();
  void Poll();

  ServerOptions options_;
  std::vector<std::string> problems_;
  std::vector<const ServiceDescriptor*> services_;
  std::map<const MethodDescriptor*, std::unique_ptr<MethodEntry>> entries_;
  std::unique_ptr<ResourceIndex> index_;
  std::unique_ptr<Validators> validators_;
  std::vector<std::unique_ptr<RpcService>> rpc_services_;
  std::unique_ptr<ServerCore> core_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  std::thread poller_;
  std::mutex shutdown_mutex_;
  bool stopped_ = false;
};

void Server::Impl::AddMissing(const ServiceDescriptor* service) {
  for (int i = 0; i < service->method_count(); ++i) {
    const MethodDescriptor* const method = service->method(i);
    if ((method->client_streaming() && method->server_streaming()) || entries_.contains(method)) continue;
    MethodEntry entry;
    entry.method = method;
    if (method->server_streaming()) {
      entry.stream = [](std::shared_ptr<const CallContext> context, const auto&, std::shared_ptr<StreamWriter> writer) {
        writer->Finish(status::Unimplemented(context->method->full_name()));
      };
    } else if (!method->client_streaming()) {
      entry.unary = [](const CallContext& context, const auto&, Reply*) {
        return status::Unimplemented(context.method->full_name());
      };
    }
    entries_.emplace(method, std::make_unique<MethodEntry>(std::move(entry)));
  }
}

absl::Status Server::Impl::CompileEntries() {
  FIVESTRAND_ASSIGN_OR_RETURN(ResourceIndex index, ResourceIndex::OfLinkedProtos());
  index_ = std::make_unique<ResourceIndex>(std::move(index));
  validators_ = std::make_unique<Validators>(index_.get());
  for (const ServiceDescriptor* const service : services_) {
    AddMissing(service);
    auto& rpc_service = rpc_services_.emplace_back(std::make_unique<RpcService>());
    for (int i = 0; i < service->method_count(); ++i) {
      const auto found = entries_.find(service->method(i));
      if (found == entries_.end()) continue;
      MethodEntry& entry = *found->second;
      FIVESTRAND_RETURN_IF_ERROR(entry.Compile(validators_.get()));
      if (entry.audit_read && options_.audit == nullptr) {
        return status::Precondition("CONTRACT", entry.method->full_name(), "is audited, and the server has no audit sink");
      }
      entry.metrics = std::make_unique<MethodMetrics>(entry.method, options_.metrics);
      entry.service = rpc_service.get();
      entry.index = rpc_service->Add(PathOf(entry.method), TypeOf(entry.kind()));
    }
  }
  return absl::OkStatus();
}

absl::Status Server::Impl::Listen() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  if (!options_.reflection) builder.SetOption(std::make_unique<WithoutReflection>());
  if (!options_.listen_address.empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(auto credentials, ServerCredentialsOf(options_.tls));
    builder.AddListeningPort(options_.listen_address, credentials, &port_);
  }
  // Requests a little above the limit reach us, so that they get an error that says why; beyond that the transport refuses.
  builder.SetMaxReceiveMessageSize(static_cast<int>(2 * options_.max_message_bytes + 1024 * 1024));
  builder.SetMaxSendMessageSize(-1);
  // A second process on the same port must fail to start and not share its calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Reflection is synchronous; one thread is enough for it, and more pollers cost the queue its speed.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
  for (const auto& service : rpc_services_) builder.RegisterService(service.get());
  core_->queue = builder.AddCompletionQueue();
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || (!options_.listen_address.empty() && port_ == 0)) {
    server_.reset();
    core_->queue->Shutdown();
    return status::Unavailable(status::Reason::kUnspecified, absl::StrCat("cannot listen on ", options_.listen_address),
                               absl::Seconds(1));
  }
  server_->GetHealthCheckService()->SetServingStatus(false);
  for (const ServiceDescriptor* const service : services_) {
    server_->GetHealthCheckService()->SetServingStatus(service->full_name(), false);
  }
  return absl::OkStatus();
}

absl::Status Server::Impl::Start() {
  if (!problems_.empty()) return status::Precondition("REGISTRATION", options_.name, problems_.front());
  FIVESTRAND_RETURN_IF_ERROR(CheckOptions(options_));
  FIVESTRAND_RETURN_IF_ERROR(CompileEntries());
  core_ = std::make_unique<ServerCore>(options_);
  FIVESTRAND_RETURN_IF_ERROR(Listen());
  if (std::any_of(entries_.begin(), entries_.end(), [](const auto& each) { return each.second->client_stream != nullptr; })) {
    core_->StartUploads();
  }
  for (const auto& [method, entry] : entries_) {
    for (int i = 0; i < kAcceptsPerMethod; ++i) core_->Accept(entry.get());
  }
  poller_ = std::thread([this] { Poll(); });
  return absl::OkStatus();
}

void Server::Impl::Poll() {
  void* tag = nullptr;
  bool ok = false;
  while (core_->queue->Next(&tag, &ok)) static_cast<Tag*>(tag)->Proceed(ok);
}

bool Server::Impl::Responsive(absl::Duration within) {
  std::shared_ptr<absl::Notification> beat;
  {
    const std::lock_guard lock(shutdown_mutex_);
    if (stopped_ || server_ == nullptr) return false;
    core_->AddWaiter();
    auto* const heartbeat = new Heartbeat(core_.get());
    beat = heartbeat->beat;
    heartbeat->alarm.Set(core_->queue.get(), std::chrono::system_clock::now(), static_cast<Tag*>(heartbeat));
  }
  return beat->WaitForNotificationWithTimeout(within);
}

void Server::Impl::Shutdown(absl::Time deadline) {
  {
    const std::lock_guard lock(shutdown_mutex_);
    if (stopped_ || !poller_.joinable()) return;
    stopped_ = true;
  }
  core_->EndStreams();
  core_->StopAccepting();
  server_->Shutdown(absl::ToChronoTime(deadline));
  core_->AwaitWaiters();
  core_->StopPools();
  core_->queue->Shutdown();
  poller_.join();
}

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() = default;

void Server::Unary(const MethodDescriptor* method, Runs where, UnaryBody body) {
  MethodEntry entry;
  entry.method = method;
  entry.where = where;
  entry.unary = std::move(body);
  impl_->Add(std::move(entry));
}

void Server::AsyncUnary(const MethodDescriptor* method, Runs where, AsyncUnaryBody body) {
  MethodEntry entry;
  entry.method = method;
  entry.where = where;
  entry.async_unary = std::move(body);
  impl_->Add(std::move(entry));
}

void Server::ServerStream(const MethodDescriptor* method, Runs where, StreamBody body) {
  MethodEntry entry;
  entry.method = method;
  entry.where = where;
  entry.stream = std::move(body);
  impl_->Add(std::move(entry));
}

void Server::ClientStream(const MethodDescriptor* method, ClientStreamBody body) {
  MethodEntry entry;
  entry.method = method;
  entry.where = Runs::kPool;
  entry.client_stream = std::move(body);
  impl_->Add(std::move(entry));
}

std::vector<const ServiceDescriptor*> Server::services() const {
  return impl_->services();
}
absl::Status Server::Start() {
  return impl_->Start();
}
int Server::port() const {
  return impl_->port();
}

void Server::SetServing(bool serving) {
  auto* const health = impl_->transport()->GetHealthCheckService();
  for (const ServiceDescriptor* const service : impl_->services()) health->SetServingStatus(service->full_name(), serving);
  health->SetServingStatus("", serving);
}

void Server::BeginDrain() {
  impl_->transport()->GetHealthCheckService()->Shutdown();
}
void Server::Shutdown(absl::Time deadline) {
  impl_->Shutdown(deadline);
}
bool Server::Responsive(absl::Duration within) {
  return impl_->Responsive(within);
}
void Server::SampleMetrics() {
  impl_->core()->SampleGauges();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  return impl_->transport()->InProcessChannel(arguments);
}

}  // namespace fivestrand::rpc
