#include "gateway/src/app/gateway_app.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

#include "gateway/src/app/gateway.h"
#include "gateway/src/app/gateway_config.h"
#include "platform/app/app.h"
#include "platform/log/log.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway {
namespace {

// Rotated keys and renewed certificates are taken up within this time; verifiers have known the next signing key for longer.
constexpr std::chrono::seconds kReloadEvery(60);

// How often the services are asked whether they are there: before leadership has answered, and afterwards.
constexpr std::chrono::milliseconds kAskFirst(100), kAskEvery(5000);

struct Registered {
  explicit Registered(app::ConfigScope& scope) : config(scope) {}
  const GatewayConfig config;
  std::unique_ptr<Gateway> gateway;
};

void ReloadUntilStopped(app::Service& service, Gateway& gateway, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  while (!woken.wait_for(lock, stop, kReloadEvery, [&] { return stop.stop_requested(); })) {
    if (const absl::Status reloaded = gateway.ReloadKeys(); !reloaded.ok()) {
      service.logger().Error("the keys cannot be read again", {{"reason", StdView(reloaded.message())}});
    }
  }
}

void AskUntilStopped(Gateway& gateway, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  do {
    gateway.AskServices();
  } while (
      !woken.wait_for(lock, stop, gateway.leadership_answered() ? kAskEvery : kAskFirst, [&] { return stop.stop_requested(); }));
}

// An option of another part of the program; "" when this program has no such part.
std::string TextOf(const app::ConfigTable& options, std::string_view key) {
  for (const auto& option : options.options()) {
    if (option->key == key) return option->text;
  }
  return "";
}

}  // namespace

absl::Status RegisterGateway(app::AppBuilder& builder) {
  app::Service& service = builder.AddService("gateway", app::AppBuilder::Kind::kFace);
  const auto registered = std::make_shared<Registered>(service.config());
  service.OnStart([&service, registered, options = &builder.config()] {
    absl::StatusOr<std::unique_ptr<Gateway>> gateway =
        Gateway::Open(&service, &registered->config,
                      [options](std::string_view name) { return TextOf(*options, absl::StrCat(AbslView(name), "_grpc_listen")); });
    if (!gateway.ok()) return gateway.status();
    registered->gateway = *std::move(gateway);
    service.AddCleanup("gateway", [registered] { registered->gateway = nullptr; });
    service.AddJob("signing keys", [&service, registered](const std::stop_token& stop) {
      ReloadUntilStopped(service, *registered->gateway, stop);
    });
    for (const std::string_view name : kServices) {
      service.AddHealthDetail(std::string(name), [registered, name] { return registered->gateway->TroubleOf(name); });
    }
    service.AddJob("services", [registered](const std::stop_token& stop) { AskUntilStopped(*registered->gateway, stop); });
    // Nobody can be told who they are before leadership is there. Once it was, an answer that says what is away is better than
    // none.
    service.AddReadiness("leadership", [registered] {
      if (registered->gateway->leadership_answered()) return absl::OkStatus();
      return status::Unavailable(status::Reason::kUpstreamUnavailable, "the leadership service does not answer", absl::Seconds(1));
    });
    return absl::OkStatus();
  });
  service.OnStarted([&service, registered] {
    service.OnShutdown("http", [registered](absl::Time deadline) { registered->gateway->Shutdown(deadline); });
    return registered->gateway->Serve();
  });
  return absl::OkStatus();
}

}  // namespace fivestrand::gateway
