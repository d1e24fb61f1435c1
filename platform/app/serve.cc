// The life of a serving process, from the first listener to the last.
#include <prometheus/collectable.h>
#include <prometheus/text_serializer.h>
#include <sstream>

#include "absl/strings/str_cat.h"

#include "platform/app/process.h"
#include "platform/app/process_metrics.h"
#include "platform/rpc/server.h"
#include "platform/rpc/transport_log.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::app {
namespace {

constexpr absl::Duration kReadinessPause = absl::Milliseconds(20);
constexpr absl::Duration kLiveWithin = absl::Seconds(1);

class Serving {
 public:
  explicit Serving(Process* process) : process_(*process) {}

  int Run() {
    const absl::Time began = absl::Now();
    process_.start_deadline = began + *process_.config.start_timeout;
    absl::Status started = OpenAdmin();
    if (started.ok()) started = Start();
    if (started.ok()) started = AwaitReadiness();
    if (!started.ok()) {
      LogFailure("cannot start", started);
      TearDown(absl::Now() + *process_.config.shutdown_timeout);
      return ExitCodeOf(started);
    }
    if (!stop_seen_) {
      for (rpc::Server* const server : Servers()) server->SetServing(true);
      process_.ready = true;
      process_.logger.Info("ready",
                           {{"seconds", absl::ToDoubleSeconds(absl::Now() - began)}, {"admin_port", process_.admin_port.load()}});
      while (!process_.stop->Wait(absl::Hours(1))) {
      }
      Drain();
    }
    TearDown(absl::Now() + *process_.config.shutdown_timeout);
    process_.logger.Info("stopped");
    return kExitOk;
  }

 private:
  std::vector<rpc::Server*> Servers() {
    std::vector<rpc::Server*> servers;
    for (const auto& service : process_.services) {
      for (const auto& server : service->servers) servers.push_back(server.get());
    }
    return servers;
  }

  absl::Status OpenAdmin() {
    process_.collectables.push_back(std::make_shared<ProcessMetrics>(process_.options.program, process_.options.version));
    FIVESTRAND_ASSIGN_OR_RETURN(
        admin_, AdminHttp::Listen(*process_.config.admin_listen,
                                  [this](std::string_view method, std::string_view path) { return AnswerAdmin(method, path); }));
    process_.admin_port = admin_->port();
    return absl::OkStatus();
  }

  absl::Status Start() {
    for (const auto& service : process_.services) {
      for (const auto& start : service->starts) FIVESTRAND_RETURN_IF_ERROR(start());
      for (const auto& server : service->servers) {
        FIVESTRAND_RETURN_IF_ERROR(server->Start());
        process_.shutdowns.emplace_back(service->name(),
                                        [server = server.get()](absl::Time deadline) { server->Shutdown(deadline); });
        process_.logger.Info("listening", {{"service", service->name()}, {"grpc_port", server->port()}});
        const std::lock_guard lock(started_mutex_);
        started_.push_back(server.get());
      }
    }
    for (const auto& service : process_.services) {
      for (const auto& started : service->started_hooks) FIVESTRAND_RETURN_IF_ERROR(started());
    }
    for (auto& [name, run] : process_.waiting_jobs) process_.jobs.emplace_back(std::move(run));
    process_.waiting_jobs.clear();
    return absl::OkStatus();
  }

  absl::Status AwaitReadiness() {
    for (const auto& [what, ready] : process_.readiness) {
      while (true) {
        const absl::Status status = ready();
        if (status.ok()) break;
        if (absl::Now() >= process_.start_deadline) {
          return status::WithHiddenCause(status::DeadlineExceeded(absl::StrCat(what, " was not ready in time")),
                                         StdView(status.message()));
        }
        if (process_.stop->Wait(kReadinessPause)) {
          stop_seen_ = true;
          return absl::OkStatus();
        }
      }
    }
    return absl::OkStatus();
  }

  // Peers are told first and calls are still taken, so that nobody is refused who could not know.
  void Drain() {
    process_.logger.Info("draining", {{"delay_seconds", absl::ToDoubleSeconds(*process_.config.drain_delay)}});
    for (rpc::Server* const server : Servers()) server->BeginDrain();
    process_.ready = false;
    for (const auto& drain : process_.drains) drain();
    process_.stop->ExitOnNext();
    // The watcher of a second signal ends the process, so nothing else needs to wake this thread.
    absl::SleepFor(*process_.config.drain_delay);
  }

  void TearDown(absl::Time deadline) {
    for (auto shutdown = process_.shutdowns.rbegin(); shutdown != process_.shutdowns.rend(); ++shutdown) shutdown->second(deadline);
    process_.shutdowns.clear();
    for (std::jthread& job : process_.jobs) job.request_stop();
    process_.jobs.clear();
    for (auto cleanup = process_.cleanups.rbegin(); cleanup != process_.cleanups.rend(); ++cleanup) {
      process_.logger.Debug("closing", {{"what", cleanup->first}});
      cleanup->second();
    }
    process_.cleanups.clear();
    admin_.reset();
    process_.admin_port = 0;
    const std::lock_guard lock(started_mutex_);
    started_.clear();
  }

  AdminAnswer AnswerAdmin(std::string_view method, std::string_view path) {
    if (method == "PUT") return path.starts_with("/loglevel/") ? SetLogLevel(path.substr(10)) : AdminAnswer{.status = 404};
    if (path == "/metrics") return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = Metrics()};
    if (path == "/livez") return Live() ? AdminAnswer{} : AdminAnswer{.status = 503};
    if (path == "/readyz") return Ready();
    if (path == "/loglevel") return {.body = std::string(log::LevelName(process_.logger.level())) + "\n"};
    if (path == "/version") {
      return {.content_type = "application/json",
              .body = absl::StrCat("{\"program\":\"", process_.options.program, "\",\"version\":\"", process_.options.version,
                                   "\"}\n")};
    }
    return {.status = 404};
  }

  // What is wrong stands in the answer also while it is yes: a service that has fallen behind can still do most of its work.
  AdminAnswer Ready() {
    std::vector<std::pair<std::string, std::function<std::string()>>> details;
    {
      const std::lock_guard lock(process_.collectables_mutex);
      details = process_.health_details;
    }
    AdminAnswer answer;
    answer.status = process_.ready ? 200 : 503;
    std::string lines;
    for (const auto& [what, trouble] : details) {
      if (const std::string text = trouble(); !text.empty()) absl::StrAppend(&lines, what, ": ", text, "\n");
    }
    if (!lines.empty()) answer.body = std::move(lines);
    return answer;
  }

  AdminAnswer SetLogLevel(std::string_view name) {
    const auto level = log::ParseLevel(name);
    if (!level.ok()) return {.status = 400};
    process_.logger.set_level(*level);
    return {};
  }

  // While starting nothing is wrong yet; afterwards every transport thread must answer.
  bool Live() {
    std::vector<rpc::Server*> servers;
    {
      const std::lock_guard lock(started_mutex_);
      servers = started_;
    }
    for (rpc::Server* const server : servers) {
      if (process_.ready && !server->Responsive(kLiveWithin) && process_.ready) return false;
    }
    return true;
  }

  std::string Metrics() {
    {
      const std::lock_guard lock(started_mutex_);
      for (rpc::Server* const server : started_) server->SampleMetrics();
    }
    std::vector<prometheus::MetricFamily> families = process_.registry.Collect();
    std::vector<std::shared_ptr<prometheus::Collectable>> collectables;
    {
      const std::lock_guard lock(process_.collectables_mutex);
      collectables = process_.collectables;
    }
    for (const auto& collectable : collectables) {
      for (auto& family : collectable->Collect()) families.push_back(std::move(family));
    }
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families);
    return out.str();
  }

  void LogFailure(std::string_view message, const absl::Status& status) {
    process_.logger.Error(message, {{"reason", StdView(status.message())}, {"cause", status::HiddenCause(status)}});
  }

  static int ExitCodeOf(const absl::Status& status) {
    if (status.GetPayload("fivestrand/schema-mismatch").has_value()) return kExitSchema;
    return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailure;
  }

  Process& process_;
  std::unique_ptr<AdminHttp> admin_;
  std::mutex started_mutex_;  // What the admin threads see.
  std::vector<rpc::Server*> started_;
  bool stop_seen_ = false;
};

}  // namespace

absl::Status SchemaMismatch(std::string_view description) {
  absl::Status status = status::Precondition("SCHEMA", "store", description);
  status.SetPayload("fivestrand/schema-mismatch", absl::Cord());
  return status;
}

int Serve(Process* process) {
  rpc::RouteTransportLogs(&process->logger);
  const int exit_code = Serving(process).Run();
  rpc::RouteTransportLogs(nullptr);
  return exit_code;
}

}  // namespace fivestrand::app
