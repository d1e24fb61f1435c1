#include "gateway/src/app/upstreams.h"

#include <grpcpp/security/credentials.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "gateway/src/app/gateway_config.h"
#include "gateway/src/app/gateway_metrics.h"
#include "gateway/src/http/client_socket.h"
#include "platform/app/app.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"

namespace fivestrand::gateway {
namespace {

absl::StatusOr<std::unique_ptr<upstream::Upstream>> ConnectOne(app::Service& service, const std::string& name, std::string target,
                                                               const std::string& listen, upstream::UpstreamOptions options) {
  const bool first = name == kServices[0];
  rpc::Server* const here = service.FindServer(name);
  if (target.empty() && here != nullptr) {
    // A service of this process is reached by its port where that is open on loopback: that costs less than a channel without a
    // socket.
    if (!ListensOnLoopback(listen) || !service.tls().empty())
      return upstream::Upstream::Over(std::move(options), here->InProcessChannel());
    target = absl::StrCat("127.0.0.1:", here->port());
  }
  if (target.empty()) {
    if (!first) return upstream::Upstream::Absent(std::move(options));
    target = "127.0.0.1:9090";
  }
  const rpc::TlsFiles files = service.tls();
  upstream::Upstream::TlsSource tls;
  if (!files.empty()) {
    tls = [files] {
      return http::ClientTls::Load(files.ca_file, files.certificate_file, files.key_file);
    };
    FIVESTRAND_RETURN_IF_ERROR(tls().status());  // A wrong path must stop the start.
  }
  return upstream::Upstream::Connect(std::move(options), target, std::move(tls));
}

}  // namespace

absl::StatusOr<std::vector<std::unique_ptr<upstream::Upstream>>> ConnectUpstreams(app::Service& service,
                                                                                  const GatewayConfig& config,
                                                                                  const ListenOf& listen_of,
                                                                                  GatewayMetrics* metrics) {
  std::vector<std::unique_ptr<upstream::Upstream>> upstreams;
  for (std::size_t i = 0; i < std::size(kServices); ++i) {
    const std::string name(kServices[i]);
    upstream::UpstreamOptions options;
    options.name = name;
    options.max_in_flight = static_cast<size_t>(*config.max_upstream_calls);
    options.on_unreachable = metrics->UnreachableCounter(name);
    options.on_end = metrics->EndCounter(name);
    FIVESTRAND_ASSIGN_OR_RETURN(auto upstream, ConnectOne(service, name, *config.targets[i], listen_of(name), std::move(options)));
    upstreams.push_back(std::move(upstream));
  }
  return upstreams;
}

absl::StatusOr<edge::MethodTable> TableOf(const std::vector<std::unique_ptr<upstream::Upstream>>& upstreams) {
  std::vector<edge::Upstreams> served;
  for (const auto& upstream : upstreams) {
    served.push_back({upstream.get(), edge::ServicesOfPackage(absl::StrCat("fivestrand.", upstream->name(), ".v1"))});
  }
  served.front().services.push_back("fivestrand.evidence.v1.EvidenceService");
  return edge::MethodTable::Build(*google::protobuf::DescriptorPool::generated_pool(), served,
                                  {"fivestrand.events.v1.ChangeService", "fivestrand.audit.v1.AuditService"});
}

}  // namespace fivestrand::gateway
