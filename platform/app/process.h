// The parts of a program while it is put together and while it runs. Internal to platform/app.
#ifndef FIVESTRAND_PLATFORM_APP_PROCESS_H_
#define FIVESTRAND_PLATFORM_APP_PROCESS_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <prometheus/registry.h>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "platform/app/admin_http.h"
#include "platform/app/app.h"
#include "platform/app/config.h"
#include "platform/app/stop_signal.h"
#include "platform/identity/key_source.h"
#include "platform/identity/service_keys.h"
#include "platform/identity/token.h"
#include "platform/names/id_source.h"

namespace fivestrand::app {

class ServiceImpl;

struct Command {
  ServiceImpl* service;
  std::string words;
  std::string arguments_help;
  std::string help;
  std::function<int(const std::vector<std::string>&)> run;
  std::unique_ptr<ConfigTable> options;
};

// Values of the process's own options.
struct ProcessConfig {
  ProcessConfig(ConfigTable* table, bool suite);

  Value<std::string> log_level;
  Value<std::string> admin_listen;
  Value<std::string> data_dir;
  Value<absl::Duration> start_timeout;
  Value<absl::Duration> drain_delay;
  Value<absl::Duration> shutdown_timeout;
  Value<absl::Duration> default_deadline;
  Value<absl::Duration> max_deadline;
  Value<bool> reflection;
  Value<std::string> tls_cert_file;
  Value<std::string> tls_key_file;
  Value<std::string> tls_ca_file;
  std::optional<Value<std::string>> jwks_url;
  std::optional<Value<std::string>> service_jwks_dir;
};

// What all services of a program share. Used from the main thread, except where it says otherwise.
struct Process {
  Process(AppOptions app_options, ConfigInputs config_inputs);

  // Makes what the configuration decides; logger and clock are usable before.
  std::shared_ptr<identity::TokenVerifier> Verifier();
  std::shared_ptr<identity::ServiceKeys> ServiceKeys();
  void Output(std::string_view text) const;
  rpc::TlsFiles Tls() const;

  AppOptions options;
  ConfigInputs inputs;
  std::vector<std::string> positional;
  ConfigTable table;
  ProcessConfig config;
  log::Logger logger;
  prometheus::Registry registry;
  std::unique_ptr<names::IdSource> ids;
  std::shared_ptr<identity::MemoryKeySource> shared_keys;  // In the suite.
  std::shared_ptr<identity::ServiceKeys> service_keys;
  std::shared_ptr<identity::TokenVerifier> verifier;
  absl::Time start_deadline = absl::InfiniteFuture();
  absl::Status registration;
  std::vector<std::unique_ptr<ServiceImpl>> services;
  std::vector<Command> commands;

  // In the order in which they were added.
  std::vector<std::pair<std::string, std::function<void(absl::Time)>>> shutdowns;
  std::vector<std::pair<std::string, std::function<void()>>> cleanups;
  std::vector<std::pair<std::string, std::function<absl::Status()>>> readiness;
  std::vector<std::function<void()>> drains;
  std::vector<std::pair<std::string, std::function<void(std::stop_token)>>> waiting_jobs;
  std::vector<std::jthread> jobs;
  std::mutex collectables_mutex;  // Scrapes and probes come while services start.
  std::vector<std::pair<std::string, std::function<std::string()>>> health_details;
  std::vector<std::shared_ptr<prometheus::Collectable>> collectables;

  StopSignal* stop = nullptr;  // While Run runs.
  std::atomic<bool> ready{false};
  std::atomic<int> admin_port{0};
};

class ServiceImpl final : public Service {
 public:
  // `serves`: has the options of a gRPC server.
  ServiceImpl(Process* process, std::string name, std::string prefix, bool serves);

  const std::string& name() const override { return name_; }
  ConfigScope& config() override { return scope_; }
  void OnStart(std::function<absl::Status()> start) override { starts.push_back(std::move(start)); }
  void OnStarted(std::function<absl::Status()> started) override { started_hooks.push_back(std::move(started)); }
  ConfigTable& AddCommand(std::string words, std::string arguments_help, std::string help,
                          std::function<int(const std::vector<std::string>&)> run) override;
  absl::StatusOr<std::string> DataDirectory() override;
  log::Logger& logger() override { return process_->logger; }
  prometheus::Registry& metrics() override { return process_->registry; }
  const std::function<absl::Time()>& clock() override { return process_->options.clock; }
  names::IdSource& ids() override { return *process_->ids; }
  absl::Time start_deadline() override { return process_->start_deadline; }
  rpc::ServerOptions NewServerOptions() override;
  rpc::Server& AddServer(std::unique_ptr<rpc::Server> server) override;
  rpc::Server* FindServer(std::string_view service) override;
  void AddJob(std::string job, std::function<void(std::stop_token)> run) override;
  void AddReadiness(std::string what, std::function<absl::Status()> ready) override;
  void AddHealthDetail(std::string what, std::function<std::string()> trouble) override;
  void OnDrain(std::function<void()> drain) override { process_->drains.push_back(std::move(drain)); }
  void OnShutdown(std::string what, std::function<void(absl::Time)> shutdown) override;
  void AddCleanup(std::string what, std::function<void()> cleanup) override;
  void AddCollectable(std::shared_ptr<prometheus::Collectable> collectable) override;
  std::shared_ptr<identity::TokenVerifier> verifier() override { return process_->Verifier(); }
  rpc::TlsFiles tls() override { return process_->Tls(); }
  std::shared_ptr<identity::MemoryKeySource> shared_keys() override { return process_->shared_keys; }
  std::shared_ptr<identity::ServiceKeys> service_keys() override { return process_->ServiceKeys(); }

  std::vector<std::function<absl::Status()>> starts;
  std::vector<std::function<absl::Status()>> started_hooks;
  std::vector<std::unique_ptr<rpc::Server>> servers;

 private:
  Process* const process_;
  const std::string name_;
  ConfigScope scope_;
  struct ServerConfig {
    Value<std::string> grpc_listen;
    Value<int64_t> max_calls;
    Value<int64_t> max_streams;
    Value<int64_t> pool_threads;
    Value<int64_t> pool_queue;
    Value<int64_t> upload_threads;
    Value<int64_t> upload_queue;
    Value<int64_t> max_upload_mb;
    Value<absl::Duration> max_upload_time;
  };
  std::optional<ServerConfig> server_config_;
};

// Runs the services until a stop is asked for; returns the exit code.
int Serve(Process* process);

}  // namespace fivestrand::app

#endif  // FIVESTRAND_PLATFORM_APP_PROCESS_H_
