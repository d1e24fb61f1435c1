// A program of the suite: configuration, logs, metrics, health and drain, the same for all of them.
//
//   int main(int argc, char** argv) {
//     fivestrand::app::AppBuilder builder({.program = "fivestrand-leadership"}, argc, argv);
//     builder.Add(&fivestrand::leadership::RegisterLeadership);
//     return builder.Run();
//   }
//
//   absl::Status RegisterLeadership(app::AppBuilder& builder) {
//     app::Service& service = builder.AddService("leadership");
//     auto db_url = service.config().Text("db_url", "", "PostgreSQL URL; empty: SQLite in the data directory");
//     service.OnStart([&service, db_url] { ...open the store, service.AddCleanup(...), service.AddServer(...)...; return
//     absl::OkStatus(); }); return absl::OkStatus();
//   }
#ifndef FIVESTRAND_PLATFORM_APP_APP_H_
#define FIVESTRAND_PLATFORM_APP_APP_H_

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/app/config.h"
#include "platform/log/log.h"
#include "platform/rpc/server.h"

namespace prometheus {
class Collectable;
class Registry;
}  // namespace prometheus

namespace fivestrand::identity {
class AccessTable;
class MemoryKeySource;
class ServiceKeys;
class TokenVerifier;
}  // namespace fivestrand::identity

namespace fivestrand::names {
class IdSource;
}

namespace fivestrand::app {

// What a process tells the one that started it.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitSchema = 3;  // a start that failed with the reason set by SchemaMismatch
// A status that makes Run return kExitSchema.
absl::Status SchemaMismatch(std::string_view description);

// One service of the process. All of it is used from the main thread; the things that it hands out say themselves what they allow.
class Service {
 public:
  virtual ~Service() = default;

  virtual const std::string& name() const = 0;

  // While registering.
  virtual ConfigScope& config() = 0;
  // Runs once the configuration is read, in the order of registration. A server added here is listening when the next service's
  // OnStart runs. An error ends the program.
  virtual void OnStart(std::function<absl::Status()> start) = 0;
  // Runs after every OnStart of every service, when all servers listen and before they are SERVING: to connect to one another.
  virtual void OnStarted(std::function<absl::Status()> started) = 0;
  // A command: `words` as typed, for example "audit verify". `run` gets the arguments after them and returns the exit code; it runs
  // instead of serving, with configuration, logger and clock at hand but no server, job or admin listener. `options` are flags of
  // this command alone. Several services may add the same words: each runs, in order.
  virtual ConfigTable& AddCommand(std::string words, std::string arguments_help, std::string help,
                                  std::function<int(const std::vector<std::string>& arguments)> run) = 0;

  // While starting, and in commands.
  // Directory of this service's files; made if missing (mode 0700). In the suite a subfolder of --data-dir.
  virtual absl::StatusOr<std::string> DataDirectory() = 0;
  virtual log::Logger& logger() = 0;
  virtual prometheus::Registry& metrics() = 0;
  virtual const std::function<absl::Time()>& clock() = 0;
  virtual names::IdSource& ids() = 0;
  // Every OnStart and readiness must be done by then.
  virtual absl::Time start_deadline() = 0;

  // For a service of kind kGrpc: options of a server out of the configuration (grpc_listen, tls_..., deadlines, limits,
  // reflection), with the process's verifier, logger and registry. `access` and `audit` are left to the service.
  virtual rpc::ServerOptions NewServerOptions() = 0;
  // Starts the server after this service's OnStart has returned, makes it SERVING when everything is ready, and drains it.
  virtual rpc::Server& AddServer(std::unique_ptr<rpc::Server> server) = 0;
  // A server that a service of this process added, or null: in the suite, to reach it through InProcessChannel.
  virtual rpc::Server* FindServer(std::string_view service) = 0;
  // A thread of its own, started when the servers listen; asked to stop after they have shut down, and waited for.
  virtual void AddJob(std::string job, std::function<void(std::stop_token)> run) = 0;
  // Not ready until it returns OK once. Asked again and again until start_deadline, from the main thread; must not wait long.
  virtual void AddReadiness(std::string what, std::function<absl::Status()> ready) = 0;
  // A line of /readyz that says what is wrong, empty while nothing is; changes nothing about the answer. From any thread.
  virtual void AddHealthDetail(std::string what, std::function<std::string()> trouble) = 0;
  // Called at the start of a drain, before the delay: to tell peers; must not wait.
  virtual void OnDrain(std::function<void()> drain) = 0;
  // For listeners that are no rpc::Server: takes no new work, lets what is under way end until the deadline. Runs in one order with
  // the shutdown of the servers, latest added first.
  virtual void OnShutdown(std::string what, std::function<void(absl::Time deadline)> shutdown) = 0;
  // Runs at the end, latest first, after servers and jobs.
  virtual void AddCleanup(std::string what, std::function<void()> cleanup) = 0;
  // Metrics that are computed when they are read.
  virtual void AddCollectable(std::shared_ptr<prometheus::Collectable> collectable) = 0;

  // Verifies identity tokens: by the keys of --jwks-url, in the suite by the gateway's; those of services by service_keys().
  virtual std::shared_ptr<identity::TokenVerifier> verifier() = 0;
  // Certificates for connections to other services: those of --tls-....
  virtual rpc::TlsFiles tls() = 0;
  // In the suite: where the gateway puts the keys that it signs with. Null otherwise.
  virtual std::shared_ptr<identity::MemoryKeySource> shared_keys() = 0;
  // Keys with which services sign their own tokens: those given by services of this process, and those in --service-jwks-dir.
  virtual std::shared_ptr<identity::ServiceKeys> service_keys() = 0;
};

struct AppOptions {
  std::string program;
  // Several services in one process: the keys of a service get its name in front, its data directory its name behind.
  bool suite = false;
  std::string version = {};  // empty: that of the build
  // For tests.
  std::function<absl::Time()> clock = &absl::Now;
  std::function<void(std::string_view)> log_sink = &log::WriteToStderr;
  std::function<void(std::string_view)> output = {};  // empty: standard output
};

class AppBuilder {
 public:
  AppBuilder(AppOptions options, int argc, const char* const* argv);
  AppBuilder(const AppBuilder&) = delete;
  AppBuilder& operator=(const AppBuilder&) = delete;
  ~AppBuilder();

  // Calls the function; its error makes Run fail.
  void Add(const std::function<absl::Status(AppBuilder&)>& registration);
  // Lives as long as the builder. kGrpc: its configuration has the options of a gRPC server, and in the suite the service's name in
  // front of each key. kFace, for the gateway: neither.
  enum class Kind { kGrpc, kFace };
  Service& AddService(std::string name, Kind kind = Kind::kGrpc);
  // Options of the process, without prefix.
  ConfigTable& config();

  // Reads the configuration, then serves until SIGTERM or SIGINT (command `serve`, or none), or runs another command or --help,
  // --version, --print-config, --verify-config, --print-reference. Returns the exit code. Call it from main before any other thread
  // exists. At a stop: health to NOT_SERVING and frozen, /readyz 503, drain delay, servers down within their time, jobs, cleanups,
  // admin listener. A second signal exits at once.
  int Run();

  // As a signal would, from any thread while Run runs.
  void RequestStop();
  // Port of the admin listener while serving; 0 before. Safe from any thread.
  int admin_port() const;
  // Whether /readyz says yes. Safe from any thread.
  bool ready() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::app

#endif  // FIVESTRAND_PLATFORM_APP_APP_H_
