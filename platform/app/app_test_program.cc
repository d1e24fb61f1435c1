// A small program made of platform/app, which app_test starts as a process of its own: signals and exit codes are about processes.
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include "fivestrand/rpctest/v1/notes.pb.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/app/app.h"
#include "platform/identity/access.h"
#include "platform/rpc/audit_sink.h"
#include "platform/status/status.h"

namespace fivestrand {
namespace {

class NoAudit final : public rpc::AuditSink {
 public:
  void RecordRead(std::shared_ptr<const rpc::CallContext>, std::function<void(absl::Status)> done) override {
    done(absl::OkStatus());
  }
};

absl::Status Register(app::AppBuilder& builder, const std::string& name) {
  app::Service& service = builder.AddService(name);
  const auto fail = service.config().Choice("fail", "", {"", "start", "schema", "ready"}, "Where to fail.");
  service.OnStart([&service, fail, name] {
    if (*fail == "start") return status::Internal("no luck");
    if (*fail == "schema") return app::SchemaMismatch("version 7, expected 6");
    if (*fail == "ready") service.AddReadiness("luck", [] { return status::Internal("no luck yet"); });
    const auto directory = service.DataDirectory();
    if (!directory.ok()) return directory.status();
    const auto* const method = rpc::FindMethod("fivestrand.rpctest.v1.NoteService.GetNote");
    const google::protobuf::ServiceDescriptor* const services[] = {method->service()};
    static const identity::AccessRule kRules[] = {{type::v1::ROLE_CEO, "test.notes.*", identity::Reach::kTrust}};
    auto table = identity::AccessTable::Compile(kRules, rpc::DeclaredPermissions(services));
    if (!table.ok()) return table.status();
    static NoAudit audit;
    rpc::ServerOptions options = service.NewServerOptions();
    options.access = std::make_shared<const identity::AccessTable>(*std::move(table));
    options.audit = &audit;
    auto server = std::make_unique<rpc::Server>(std::move(options));
    server->Unary(method, rpc::Runs::kInline, [](const auto&, const auto&, auto*) { return absl::OkStatus(); });
    service.AddServer(std::move(server));
    service.AddCleanup("store of " + name, [&service, name] { service.logger().Info("closed", {{"store", name}}); });
    service.OnShutdown("http of " + name, [&service, name](absl::Time) { service.logger().Info("closed", {{"http", name}}); });
    service.AddJob("worker", [&service, name](std::stop_token stop) {
      int wake[2];
      if (pipe2(wake, O_CLOEXEC) != 0) return;
      const std::stop_callback on_stop(stop, [&] { close(wake[1]); });
      char byte;
      while (read(wake[0], &byte, 1) > 0) {
      }
      close(wake[0]);
      service.logger().Info("closed", {{"job", name}});
    });
    service.AddCleanup("cache of " + name, [&service, name] { service.logger().Info("closed", {{"cache", name}}); });
    return absl::OkStatus();
  });
  service.OnStarted([&service] {
    return service.FindServer("second") != nullptr || service.FindServer("notes") != nullptr ? absl::OkStatus()
                                                                                             : status::Internal("no server");
  });
  service.AddCommand("audit verify", "", "Checks.", [&service, name](const std::vector<std::string>& arguments) {
    service.logger().Info("verified", {{"of", name}, {"arguments", arguments.size()}});
    return name == "second" ? app::kExitFailure : app::kExitOk;
  });
  return absl::OkStatus();
}

}  // namespace
}  // namespace fivestrand

int main(int argc, char** argv) {
  using fivestrand::app::AppBuilder;
  const bool suite = argc > 1 && std::string(argv[1]) == "suite";
  AppBuilder builder({.program = "app-test", .suite = suite}, suite ? argc - 1 : argc, suite ? argv + 1 : argv);
  builder.Add([](AppBuilder& b) { return fivestrand::Register(b, "notes"); });
  if (suite) builder.Add([](AppBuilder& b) { return fivestrand::Register(b, "second"); });
  return builder.Run();
}
