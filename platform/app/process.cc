#include "platform/app/process.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::app {
ProcessConfig::ProcessConfig(ConfigTable* table, bool suite)
    : log_level(table->Choice("log_level", "info", {"debug", "info", "warning", "error"}, "Least level that is logged.")),
      admin_listen(table->Text("admin_listen", "127.0.0.1:9091",
                               "Address of the admin listener: metrics and probes. Never reachable by users.")),
      data_dir(table->Path("data_dir", "fivestrand-data", "Directory of the embedded store and other files; made when missing.")),
      start_timeout(
          table->Duration("start_timeout", absl::Minutes(2), "Time to become ready; after it the process ends with an error.")),
      drain_delay(table->Duration("drain_delay", absl::Seconds(5),
                                  "After a stop signal, time in which calls are still taken while peers learn of it.")),
      shutdown_timeout(
          table->Duration("shutdown_timeout", absl::Seconds(30), "Time for calls under way to end before they are cancelled.")),
      default_deadline(table->Duration("default_deadline", absl::Seconds(10), "Time for a call that comes without a deadline.")),
      max_deadline(table->Duration("max_deadline", absl::Minutes(1), "Most time for a call, whatever its client asks for.")),
      reflection(table->Bool("reflection", false, "Whether gRPC reflection is served.")),
      tls_cert_file(
          table->Path("tls_cert_file", "",
                      "Certificate of this process (PEM), for servers and for connections to other services; empty: plain text.")),
      tls_key_file(table->Path("tls_key_file", "", "Key of the certificate (PEM).")),
      tls_ca_file(
          table->Path("tls_ca_file", "",
                      "Authority that has signed the certificates of the other services (PEM); clients without one are refused.")) {
  if (!suite) {
    jwks_url = table->Text("jwks_url", "", "Where the public keys of identity tokens are: a URL of the gateway, or a file path.");
    service_jwks_dir =
        table->Path("service_jwks_dir", "",
                    "Directory with the public keys of the other services, NAME.json for each: what its `keys public` "
                    "prints; empty: no other service may call this one.");
  }
}

Process::Process(AppOptions app_options, ConfigInputs config_inputs)
    : options(std::move(app_options)),
      inputs(std::move(config_inputs)),
      config(&table, options.suite),
      logger(log::Level::kInfo, options.log_sink, options.clock),
      ids(names::NewRandomIds(options.clock)) {
  if (options.suite) shared_keys = identity::NewMemoryKeySource();
  if (options.version.empty()) options.version = FIVESTRAND_VERSION;
}

std::shared_ptr<identity::TokenVerifier> Process::Verifier() {
  if (verifier == nullptr) {
    std::shared_ptr<identity::KeySource> keys = shared_keys;
    if (keys == nullptr) {
      const std::string& where = **config.jwks_url;
      if (where.find("://") == std::string::npos) {
        keys = identity::NewFileKeySource(where);
      } else {
        identity::UrlOptions url;
        url.ca_file = *config.tls_ca_file;
        url.client_cert_file = *config.tls_cert_file;
        url.client_key_file = *config.tls_key_file;
        keys = identity::NewUrlKeySource(where, url);
      }
    }
    identity::VerifierOptions verifier_options;
    verifier_options.clock = options.clock;
    verifier_options.service_keys = ServiceKeys();
    verifier = identity::TokenVerifier::Create(std::move(keys), std::move(verifier_options));
  }
  return verifier;
}

std::shared_ptr<identity::ServiceKeys> Process::ServiceKeys() {
  if (service_keys == nullptr) {
    service_keys = identity::NewServiceKeys(config.service_jwks_dir.has_value() ? **config.service_jwks_dir : std::string());
  }
  return service_keys;
}

void Process::Output(std::string_view text) const {
  if (options.output) {
    options.output(text);
  } else {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
}

rpc::TlsFiles Process::Tls() const {
  return {*config.tls_ca_file, *config.tls_cert_file, *config.tls_key_file};
}

ServiceImpl::ServiceImpl(Process* process, std::string name, std::string prefix, bool serves)
    : process_(process), name_(std::move(name)), scope_(&process->table, prefix) {
  if (!serves) return;
  server_config_.emplace(ServerConfig{
      scope_.Text("grpc_listen", process->options.suite ? "" : "127.0.0.1:9090",
                  "Address of the gRPC server; empty: not reachable from outside the process."),
      scope_.Number("max_calls", 2000, 1, 1000000, "Unary calls served at once; more are refused."),
      scope_.Number("max_streams", 1000, 1, 1000000, "Server streams open at once; more are refused."),
      scope_.Number("pool_threads", 4, 1, 256, "Threads for calls that may wait."),
      scope_.Number("pool_queue", 1000, 1, 1000000, "Calls that may wait for such a thread; more are refused."),
      scope_.Number("upload_threads", 4, 1, 64, "Client streams, such as imports, read at once."),
      scope_.Number("upload_queue", 32, 1, 1000, "Client streams that may wait for their turn; more are refused."),
      scope_.Number("max_upload_mb", 256, 1, 4096, "Most megabytes that one client stream may send."),
      scope_.Duration("max_upload_time", absl::Minutes(30), "Most time for a client stream, whatever its client asks for."),
  });
}

ConfigTable& ServiceImpl::AddCommand(std::string words, std::string arguments_help, std::string help,
                                     std::function<int(const std::vector<std::string>&)> run) {
  process_->commands.push_back(
      {this, std::move(words), std::move(arguments_help), std::move(help), std::move(run), std::make_unique<ConfigTable>()});
  return *process_->commands.back().options;
}

absl::StatusOr<std::string> ServiceImpl::DataDirectory() {
  namespace fs = std::filesystem;
  const fs::path path =
      process_->options.suite ? fs::path(*process_->config.data_dir) / name_ : fs::path(*process_->config.data_dir);
  std::error_code error;
  if (fs::create_directories(path, error)) fs::permissions(path, fs::perms::owner_all, error);
  if (error || !fs::is_directory(path, error))
    return status::InvalidField("data_dir", absl::StrCat(path.string(), " cannot be made: ", error.message()));
  return path.string();
}

rpc::ServerOptions ServiceImpl::NewServerOptions() {
  rpc::ServerOptions options;
  options.name = name_;
  if (server_config_.has_value()) {
    options.listen_address = *server_config_->grpc_listen;
    options.max_concurrent_calls = static_cast<std::size_t>(*server_config_->max_calls);
    options.max_streams = static_cast<std::size_t>(*server_config_->max_streams);
    options.pool_threads = static_cast<std::size_t>(*server_config_->pool_threads);
    options.pool_queue = static_cast<std::size_t>(*server_config_->pool_queue);
    options.upload_threads = static_cast<std::size_t>(*server_config_->upload_threads);
    options.upload_queue = static_cast<std::size_t>(*server_config_->upload_queue);
    options.max_upload_bytes = static_cast<std::size_t>(*server_config_->max_upload_mb) << 20;
    options.max_upload_deadline = *server_config_->max_upload_time;
    options.default_upload_deadline = std::min(options.default_upload_deadline, options.max_upload_deadline);
  }
  options.tls = process_->Tls();
  options.reflection = *process_->config.reflection;
  options.verifier = process_->Verifier();
  options.metrics = &process_->registry;
  options.logger = &process_->logger;
  options.clock = process_->options.clock;
  options.default_deadline = *process_->config.default_deadline;
  options.max_deadline = *process_->config.max_deadline;
  return options;
}

rpc::Server& ServiceImpl::AddServer(std::unique_ptr<rpc::Server> server) {
  servers.push_back(std::move(server));
  return *servers.back();
}

rpc::Server* ServiceImpl::FindServer(std::string_view service) {
  for (const auto& other : process_->services) {
    if (other->name() == service && !other->servers.empty()) return other->servers.front().get();
  }
  return nullptr;
}

void ServiceImpl::AddJob(std::string job, std::function<void(std::stop_token)> run) {
  process_->waiting_jobs.emplace_back(std::move(job), std::move(run));
}

void ServiceImpl::AddReadiness(std::string what, std::function<absl::Status()> ready) {
  process_->readiness.emplace_back(std::move(what), std::move(ready));
}

void ServiceImpl::AddHealthDetail(std::string what, std::function<std::string()> trouble) {
  const std::lock_guard lock(process_->collectables_mutex);
  process_->health_details.emplace_back(std::move(what), std::move(trouble));
}

void ServiceImpl::OnShutdown(std::string what, std::function<void(absl::Time)> shutdown) {
  process_->shutdowns.emplace_back(std::move(what), std::move(shutdown));
}

void ServiceImpl::AddCleanup(std::string what, std::function<void()> cleanup) {
  process_->cleanups.emplace_back(std::move(what), std::move(cleanup));
}

void ServiceImpl::AddCollectable(std::shared_ptr<prometheus::Collectable> collectable) {
  const std::lock_guard lock(process_->collectables_mutex);
  process_->collectables.push_back(std::move(collectable));
}

}  // namespace fivestrand::app
