// Loads the demonstration trust while the suite serves.
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

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

absl::Status Load(app::Service& service, rpc::Server& leadership, const std::string& key_file) {
  identity::SignerOptions signer_options;
  signer_options.clock = service.clock();
  FIVESTRAND_ASSIGN_OR_RETURN(const std::unique_ptr<identity::TokenSigner> signer,
                              identity::TokenSigner::Open(key_file, signer_options));
  const std::unique_ptr<rpc::Client> client = rpc::Client::Over(leadership.InProcessChannel());
  FIVESTRAND_ASSIGN_OR_RETURN(const bool there, demo::DemoLoaded(*client, *signer));
  if (there) return absl::OkStatus();
  const absl::Time began = absl::Now();
  service.logger().Info("loading the demonstration trust");
  demo::DemoOptions options;
  options.now = service.clock()();
  options.progress = [&](std::string_view step, int done, int total) {
    service.logger().Info("demonstration trust", {{"step", step}, {"done", done}, {"of", total}});
  };
  FIVESTRAND_ASSIGN_OR_RETURN(const int records, demo::LoadDemo(*client, *signer, options));
  service.logger().Info("demonstration trust loaded",
                        {{"records", records}, {"seconds", absl::ToDoubleSeconds(absl::Now() - began)}});
  return absl::OkStatus();
}

}  // namespace

absl::Status RegisterDemo(app::AppBuilder& builder) {
  app::Service& service = builder.AddService("demo", app::AppBuilder::Kind::kFace);
  service.OnStart([&service, config = &builder.config()] {
    if (!SettingOn(*config, "demo")) return absl::OkStatus();
    rpc::Server* const leadership = service.FindServer("leadership");
    if (leadership == nullptr) return status::Internal("the demonstration trust needs the leadership service in this process");
    service.AddJob("demonstration trust", [&service, leadership, key_file = SigningKeyFile(*config)](const std::stop_token& stop) {
      const absl::Status status = Load(service, *leadership, key_file);
      // A stop cuts it off; the next start goes on where it was.
      if (status.ok() || stop.stop_requested()) return;
      service.logger().Error("the demonstration trust was not loaded", {{"reason", StdView(status.message())}});
    });
    return absl::OkStatus();
  });
  return absl::OkStatus();
}

}  // namespace fivestrand::cli
