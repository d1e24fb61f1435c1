#include "gateway/src/app/gateway.h"

#include <optional>
#include <utility>

#include "google/protobuf/descriptor.h"

#include "gateway/src/app/gateway_metrics.h"
#include "gateway/src/app/keys.h"
#include "gateway/src/app/probe.h"
#include "gateway/src/edge/edge.h"
#include "gateway/src/http/server.h"
#include "gateway/src/static/file_set.h"
#include "platform/app/app.h"
#include "platform/log/log.h"
#include "platform/names/id_source.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::gateway {
namespace {

const google::protobuf::DescriptorPool* Pool() {
  return google::protobuf::DescriptorPool::generated_pool();
}

}  // namespace

// In the order in which they are made; what comes later uses what comes before.
struct Gateway::Parts {
  Parts(app::Service* s, const GatewayConfig* c, ListenAddress l, bool tls)
      : service(s),
        config(c),
        listen(std::move(l)),
        metrics(s->metrics()),
        plans(Pool()),
        json(&plans),
        cors(*c->allowed_origins),
        answers(tls, &cors, &json, &s->logger()) {}

  app::Service* const service;
  const GatewayConfig* const config;
  const ListenAddress listen;
  ListenOf listen_of;
  GatewayMetrics metrics;
  std::unique_ptr<identity::TokenSigner> signer;
  std::shared_ptr<identity::MemoryKeySource> keys;
  std::shared_ptr<identity::TokenVerifier> verifier;
  std::optional<files::FileSet> files;
  transcode::PlanSet plans;
  transcode::JsonWriter json;
  session::CorsPolicy cors;
  edge::Answers answers;
  std::unique_ptr<session::Sessions> sessions;
  edge::EdgeOptions edge_options;

  edge::MethodTable methods;
  transcode::RestTable rest_table;
  std::unique_ptr<session::Identities> identities;
  std::unique_ptr<session::Authenticator> authenticator;
  std::unique_ptr<session::AuthHandler> auth;
  std::unique_ptr<edge::RestHandler> rest;
  std::unique_ptr<edge::GrpcWebHandler> grpcweb;
  std::unique_ptr<edge::Edge> edge;
  std::mutex server_mutex;  // of the next three, which a start gives and a stop takes while jobs run and probes come
  std::unique_ptr<http::Server> server;
  std::vector<std::unique_ptr<upstream::Upstream>> upstreams;  // go first: their calls end on the server's loops
  std::optional<Probe> probe;

  absl::Status OpenKeys();
  upstream::Upstream* leadership() const { return upstreams.front().get(); }
  absl::Status BuildEdge();
  void Log(const http::AccessRecord& record);
};

absl::Status Gateway::Parts::OpenKeys() {
  FIVESTRAND_ASSIGN_OR_RETURN(signer, OpenSigner(*service, *config->signing_key_file));
  keys = service->shared_keys();
  if (keys != nullptr) {
    verifier = service->verifier();
  } else {
    keys = identity::NewMemoryKeySource();
    identity::VerifierOptions options;
    options.clock = service->clock();
    verifier = identity::TokenVerifier::Create(keys, std::move(options));
  }
  return keys->Set(signer->Jwks());
}

absl::Status Gateway::Parts::BuildEdge() {
  identities =
      std::make_unique<session::Identities>(leadership(), signer.get(), session::IdentitiesOptions{.clock = service->clock()});
  authenticator = std::make_unique<session::Authenticator>(sessions.get(), identities.get(), verifier.get());
  FIVESTRAND_ASSIGN_OR_RETURN(rest,
                              edge::RestHandler::Make(&rest_table, &methods, &answers, authenticator.get(), edge::Deadlines{}));
  session::AuthOptions auth_options;
  auth_options.demo = *config->demo;
  auth_options.new_id = [this] {
    return service->ids().NewId();
  };
  auth = std::make_unique<session::AuthHandler>(
      std::move(auth_options), sessions.get(), identities.get(), authenticator.get(), leadership(),
      [this](http::Exchange& exchange, http::Response response) { answers.Send(exchange, std::move(response)); },
      [this](http::Exchange& exchange, const absl::Status& status, int http_status) {
        answers.Fail(exchange, status, http_status);
      });
  grpcweb = std::make_unique<edge::GrpcWebHandler>(&methods, &answers, authenticator.get(), edge::Deadlines{});
  edge = std::make_unique<edge::Edge>(edge_options, &answers, rest.get(), grpcweb.get(), &methods, auth.get(), &cors,
                                      files ? &*files : nullptr, [this] { return signer->Jwks(); });
  return absl::OkStatus();
}

// Never a path: it holds the names of people's records.
void Gateway::Parts::Log(const http::AccessRecord& record) {
  service->logger().Info("request", {{"method", http::MethodName(record.method)},
                                     {"route", record.route_pattern},
                                     {"code", record.status},
                                     {"seconds", record.seconds},
                                     {"bytes", static_cast<int64_t>(record.response_bytes)},
                                     {"request_id", record.request_id}});
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Gateway::~Gateway() {
  if (parts_->server != nullptr) parts_->server->Drain(absl::ZeroDuration());
  parts_->upstreams.clear();
}

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Open(app::Service* service, const GatewayConfig* config, ListenOf listen_of) {
  FIVESTRAND_ASSIGN_OR_RETURN(ListenAddress listen, ParseListenAddress(*config->http_listen));
  if (*config->demo && !listen.loopback) {
    return status::InvalidField("demo", "is for a loopback address only, for it lets anybody in as anybody");
  }
  const bool tls = !config->http_tls_cert_file->empty();
  auto parts = std::make_unique<Parts>(service, config, std::move(listen), tls);
  parts->listen_of = std::move(listen_of);
  FIVESTRAND_RETURN_IF_ERROR(parts->OpenKeys());
  FIVESTRAND_ASSIGN_OR_RETURN(const auto keyring, OpenSessionKeyring(*service, *config->session_keyring_file, *config->demo));
  parts->sessions =
      std::make_unique<session::Sessions>(*keyring, session::SessionOptions{.secure = tls, .clock = service->clock()});
  if (!config->portal_dir->empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(parts->files, files::FileSet::Load(*config->portal_dir));
  }
  FIVESTRAND_ASSIGN_OR_RETURN(parts->edge_options.body_limits, ParseBodyLimits(*config->body_limit_for));
  parts->edge_options.body_limit = static_cast<size_t>(*config->body_limit);
  parts->edge_options.upload_limit = static_cast<size_t>(*config->upload_limit);
  parts->edge_options.new_request_id = [service] {
    return service->ids().NewId();
  };
  return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

absl::Status Gateway::Serve() {
  Parts& p = *parts_;
  FIVESTRAND_ASSIGN_OR_RETURN(p.upstreams, ConnectUpstreams(*p.service, *p.config, p.listen_of, &p.metrics));
  FIVESTRAND_ASSIGN_OR_RETURN(p.methods, TableOf(p.upstreams));
  FIVESTRAND_ASSIGN_OR_RETURN(p.rest_table, transcode::RestTable::Build(p.methods.services(), &p.plans));
  FIVESTRAND_RETURN_IF_ERROR(p.BuildEdge());

  http::ServerOptions options;
  options.address = p.listen.address;
  options.port = p.listen.port;
  options.tls_certificate_file = *p.config->http_tls_cert_file;
  options.tls_key_file = *p.config->http_tls_key_file;
  options.threads = static_cast<int>(*p.config->http_threads);
  options.max_connections = static_cast<size_t>(*p.config->max_connections);
  options.wall_clock = p.service->clock();
  options.on_answer = [&p, log = *p.config->access_log](const http::AccessRecord& record) {
    p.metrics.Answered(record);
    if (log) p.Log(record);
  };
  options.on_connections = [&p](int change) {
    p.metrics.Connections(change);
  };
  options.on_refused = [&p] {
    p.metrics.Refused();
  };
  FIVESTRAND_ASSIGN_OR_RETURN(p.server, http::Server::Start(std::move(options), p.edge.get()));
  {
    const std::lock_guard lock(p.server_mutex);
    p.probe.emplace(p.upstreams, &p.metrics);
  }
  p.service->logger().Info("listening", {{"address", p.listen.address}, {"port", static_cast<int64_t>(p.server->port())}});
  return absl::OkStatus();
}

void Gateway::Shutdown(absl::Time deadline) {
  if (parts_->server != nullptr) parts_->server->Drain(deadline - absl::Now());
  // Closes the connections to the services too: their own stop would wait 20 s for an answer on one that nobody serves any more.
  const std::lock_guard lock(parts_->server_mutex);
  parts_->upstreams.clear();
  parts_->server = nullptr;
}

void Gateway::AskServices() {
  const std::lock_guard lock(parts_->server_mutex);
  if (parts_->server != nullptr && parts_->probe) parts_->probe->Ask(&parts_->server->loop(0));
}

bool Gateway::leadership_answered() const {
  const std::lock_guard lock(parts_->server_mutex);
  return parts_->probe && parts_->probe->first_answered();
}

std::string Gateway::TroubleOf(std::string_view service) const {
  const std::lock_guard lock(parts_->server_mutex);
  return parts_->probe ? parts_->probe->TroubleOf(service) : "has not been asked yet";
}

absl::Status Gateway::ReloadKeys() {
  const std::lock_guard lock(parts_->server_mutex);
  if (parts_->server != nullptr) FIVESTRAND_RETURN_IF_ERROR(parts_->server->ReloadCertificate());
  FIVESTRAND_RETURN_IF_ERROR(parts_->signer->Reload());
  return parts_->keys->Set(parts_->signer->Jwks());
}

int Gateway::port() const {
  return parts_->server == nullptr ? 0 : parts_->server->port();
}

}  // namespace fivestrand::gateway
