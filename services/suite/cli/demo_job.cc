// Loads the demonstration trust while the suite serves.
#include <array>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"

#include "platform/app/app.h"
#include "platform/identity/token.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/suite/cli/cli.h"
#include "services/suite/cli/settings.h"
#include "services/suite/demo/demo_loader.h"

namespace fivestrand::cli {
namespace {

// A load in the background that ends before the server that it calls: gRPC's channels within a process do not outlive theirs.
class DemoJob {
 public:
  // `servers`: leadership, then those of the other services that are in this process, or null.
  DemoJob(app::Service& service, std::array<rpc::Server*, 4> servers, std::string key_file)
      : service_(service), servers_(servers), key_file_(std::move(key_file)) {}

  void Run() {
    {
      const std::lock_guard lock(mutex_);
      if (stop_.stop_requested()) return;
      running_ = true;
    }
    const absl::Status status = Load();
    // A stop cuts it off; the next start goes on where it was.
    if (!status.ok() && !stop_.stop_requested()) {
      service_.logger().Error("the demonstration trust was not loaded", {{"reason", StdView(status.message())}});
    }
    const std::lock_guard lock(mutex_);
    running_ = false;
    ended_.notify_all();
  }

  void Stop(absl::Time deadline) {
    std::unique_lock lock(mutex_);
    stop_.request_stop();
    ended_.wait_until(lock, absl::ToChronoTime(deadline), [this] { return !running_; });
  }

 private:
  absl::Status Load() {
    identity::SignerOptions signer_options;
    signer_options.clock = service_.clock();
    FIVESTRAND_ASSIGN_OR_RETURN(const std::unique_ptr<identity::TokenSigner> signer,
                                identity::TokenSigner::Open(key_file_, signer_options));
    std::array<std::unique_ptr<rpc::Client>, 4> clients;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (servers_[i] != nullptr) clients[i] = rpc::Client::Over(servers_[i]->InProcessChannel());
    }
    FIVESTRAND_ASSIGN_OR_RETURN(const bool there, demo::DemoLoaded(*clients[0], *signer));
    if (there) return absl::OkStatus();
    const absl::Time began = absl::Now();
    service_.logger().Info("loading the demonstration trust");
    demo::DemoOptions options;
    options.now = service_.clock()();
    options.stop = stop_.get_token();
    options.progress = [&](std::string_view step, int done, int total) {
      service_.logger().Info("demonstration trust", {{"step", step}, {"done", done}, {"of", total}});
    };
    FIVESTRAND_ASSIGN_OR_RETURN(
        const int records,
        demo::LoadDemo({clients[0].get(), clients[1].get(), clients[2].get(), clients[3].get()}, *signer, options));
    service_.logger().Info("demonstration trust loaded",
                           {{"records", records}, {"seconds", absl::ToDoubleSeconds(absl::Now() - began)}});
    return absl::OkStatus();
  }

  app::Service& service_;
  const std::array<rpc::Server*, 4> servers_;
  const std::string key_file_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool running_ = false;
};

}  // namespace

absl::Status RegisterDemo(app::AppBuilder& builder) {
  app::Service& service = builder.AddService("demo", app::AppBuilder::Kind::kFace);
  service.OnStart([&service, config = &builder.config()] {
    if (!SettingOn(*config, "demo")) return absl::OkStatus();
    rpc::Server* const leadership = service.FindServer("leadership");
    if (leadership == nullptr) return status::Internal("the demonstration trust needs the leadership service in this process");
    const std::array<rpc::Server*, 4> servers = {leadership, service.FindServer("assessment"), service.FindServer("cpd"),
                                                 service.FindServer("welfare")};
    const auto job = std::make_shared<DemoJob>(service, servers, SigningKeyFile(*config));
    service.AddJob("demonstration trust", [job](const std::stop_token&) { job->Run(); });
    // Added after the leadership service's server, so called before that shuts down.
    service.OnShutdown("demonstration trust", [job](absl::Time deadline) { job->Stop(deadline); });
    return absl::OkStatus();
  });
  return absl::OkStatus();
}

}  // namespace fivestrand::cli
