#include "platform/service/assembly.h"

#include <google/protobuf/descriptor.h>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/events/audit_service.h"
#include "platform/evidence/evidence_source.h"
#include "platform/resource/migrations.h"
#include "platform/rpc/client.h"
#include "platform/service/evidence_service.h"
#include "platform/service/measure_journal.h"
#include "platform/service/peers.h"
#include "platform/service/reading_journal.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::service {
namespace {

constexpr char kEvidenceService[] = "fivestrand.evidence.v1.EvidenceService";

// Of a service that stands alone, as in a test.
class NoPeers : public Peers {
 public:
  NoPeers() {}
  std::shared_ptr<rpc::Client> Find(std::string_view service) const override { return nullptr; }
  absl::StatusOr<std::string> Token() const override { return status::Internal("there are no peers to call"); }
};

const google::protobuf::ServiceDescriptor* FindService(const std::string& name) {
  return google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
}

}  // namespace

std::vector<store::MigrationSeries> AllMigrations(const RecordServiceSpec& spec) {
  std::vector<store::MigrationSeries> all = {resource::ResourceMigrations()};
  if (spec.evidence) all.push_back(EvidenceMigrations());
  all.insert(all.end(), spec.migrations.begin(), spec.migrations.end());
  return all;
}

std::vector<events::SnapshotSource> AllSnapshots(const RecordServiceSpec& spec) {
  std::vector<events::SnapshotSource> all;
  if (spec.evidence) all.insert(all.end(), {MeasureSnapshot(), ReadingSnapshot()});
  all.insert(all.end(), spec.snapshots.begin(), spec.snapshots.end());
  return all;
}

absl::StatusOr<std::unique_ptr<rpc::Server>> Assemble(const RecordServiceSpec& spec, names::IdSource* ids, absl::Time deadline,
                                                      rpc::ServerOptions options, Assembly* parts) {
  std::vector<std::string> names = spec.services;
  names.insert(names.end(),
               {"fivestrand.events.v1.EventFeed", "fivestrand.events.v1.ChangeService", "fivestrand.audit.v1.AuditService"});
  const bool serves_evidence = spec.evidence && !spec.custom_methods.contains("SummariseEvidence");
  if (serves_evidence) names.emplace_back(kEvidenceService);
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const std::string& name : names) {
    services.push_back(FindService(name));
    if (services.back() == nullptr) return status::Internal(absl::StrCat(name, " is not linked"));
  }
  FIVESTRAND_ASSIGN_OR_RETURN(identity::AccessTable table,
                              identity::AccessTable::Compile(spec.access_rules, rpc::DeclaredPermissions(services)));
  auto access = std::make_shared<const identity::AccessTable>(std::move(table));
  parts->registry = std::make_unique<resource::Registry>(resource::RegistryOptions{
      .store = parts->store.get(), .cipher = parts->cipher.get(), .ids = ids, .keyring = parts->keyring, .access = access});
  resource::Registry& registry = *parts->registry;
  for (const auto* mirror : spec.mirrors) FIVESTRAND_RETURN_IF_ERROR(registry.DeclareMirror(mirror));
  FIVESTRAND_RETURN_IF_ERROR(spec.declare(&registry));
  FIVESTRAND_RETURN_IF_ERROR(registry.VerifySchema(deadline));

  prometheus::Registry* metrics = options.metrics;
  options.access = access;
  options.audit = &registry;
  auto server = std::make_unique<rpc::Server>(std::move(options));
  if (spec.evidence) {
    parts->evidence = spec.evidence(registry);
    FIVESTRAND_RETURN_IF_ERROR(evidence::CheckMeasures(parts->evidence->measures()));
  }
  if (serves_evidence) {
    BindEvidenceService(std::make_shared<const EvidenceAnswers>(registry.store(), registry.access(), parts->evidence), *server);
  }
  if (spec.bind) spec.bind(registry, *server);
  static const NoPeers kNoPeers;
  if (spec.bind_peers) spec.bind_peers(registry, *server, parts->peers == nullptr ? kNoPeers : *parts->peers);
  for (const std::string& name : spec.services)
    FIVESTRAND_RETURN_IF_ERROR(registry.Serve(*server, FindService(name), spec.custom_methods));
  events::BindAuditService(registry, spec.read_trail, *server);
  parts->feed = std::make_unique<events::FeedServer>(registry, spec.name, AllSnapshots(spec), metrics);
  parts->feed->Bind(*server);
  return server;
}

}  // namespace fivestrand::service
