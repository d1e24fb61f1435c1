// A service that keeps records: its store, keys, registry, feeds, metrics and jobs, the same for every service. What differs stands
// in a RecordServiceSpec.
#ifndef FIVESTRAND_PLATFORM_SERVICE_RECORD_SERVICE_H_
#define FIVESTRAND_PLATFORM_SERVICE_RECORD_SERVICE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

#include "platform/events/follow_spec.h"
#include "platform/events/read_trail.h"
#include "platform/identity/access.h"
#include "platform/store/migration.h"

namespace google::protobuf {
class Descriptor;
}

namespace fivestrand::app {
class AppBuilder;
class Service;
}  // namespace fivestrand::app

namespace fivestrand::evidence {
class EvidenceSource;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::store {
class Session;
}

namespace fivestrand::service {

class Peers;

// A value of a measure of the improvement model, for the metric fivestrand_element_measure. No label holds a person.
struct ElementGauge {
  std::string trust;
  std::string school;  // empty for the trust as a whole
  std::string element;
  std::string measure;
  double value = 0;
};

// How many of something are open, for the metric fivestrand_improvement_open. No label holds a person.
struct OpenCount {
  std::string trust;
  std::string school;  // empty for the trust as a whole
  std::string strand;
  std::string kind;  // "concern", "thread"
  std::int64_t count = 0;
};

struct RecordServiceSpec {
  std::string name;  // "leadership"
  // Applied in this order; see services/organisation for the series of its mirrors.
  std::vector<store::MigrationSeries> migrations;
  absl::Span<const identity::AccessRule> access_rules;
  // Full names of the services that the registry serves in part or whole.
  std::vector<std::string> services;
  // Their methods, without the service's name, that `bind` handles.
  absl::flat_hash_set<std::string> custom_methods;
  std::function<absl::Status(resource::Registry*)> declare;
  // Kinds of record that other services keep and that this one holds copies of. Declared before `declare` runs.
  std::vector<const google::protobuf::Descriptor*> mirrors;
  // Feeds that this service follows. One without effect, which fills mirrors, holds up readiness until its first snapshot is here.
  std::vector<events::FollowSpec> follows;
  // What this service's own snapshot holds besides its records.
  std::vector<events::SnapshotSource> snapshots;
  // Both outlive the server.
  std::function<void(resource::Registry&, rpc::Server&)> bind;
  // Services that this one calls, besides those that it follows; each gets an option `<name>_target`.
  std::vector<std::string> peers;
  // As `bind`, for what calls other services; `peers` also outlives the server. May be empty.
  std::function<void(resource::Registry&, rpc::Server&, const Peers&)> bind_peers;
  // For a service that owns elements of the model: what answers for them. EvidenceService is then served (by `bind`, where
  // `custom_methods` names its methods), and the readings of closed periods are kept and sent to followers.
  std::function<std::shared_ptr<const evidence::EvidenceSource>(const resource::Registry&)> evidence;
  // Read on a snapshot, at most every 15 seconds, when something was written since. When empty: the newest values that `evidence`
  // gives.
  std::function<absl::Status(const resource::Registry&, store::Session&, absl::Time now, std::vector<ElementGauge>*)> gauges;
  // Read together with `gauges`. May be empty.
  std::function<absl::Status(const resource::Registry&, store::Session&, std::vector<OpenCount>*)> open_counts;
  // Whom ListRecordReads of this service answers, and about which records. Empty: nobody.
  events::ReadTrailOf read_trail;
  // What falls due by time alone, looked at every few seconds, on a thread that may wait. Doing it twice changes nothing. May be
  // empty.
  std::function<absl::Status(const resource::Registry&, absl::Time now, absl::Time deadline)> upkeep;
};

// Adds the service to a program, with the commands `audit verify`, `keys public`, `keys rotate`, `store migrate` and `store
// backup`.
absl::Status RegisterRecordService(app::AppBuilder& builder, RecordServiceSpec spec);

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_RECORD_SERVICE_H_
