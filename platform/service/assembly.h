// The parts of a record service that serve, put together from its spec: for the program and for tests alike.
#ifndef FIVESTRAND_PLATFORM_SERVICE_ASSEMBLY_H_
#define FIVESTRAND_PLATFORM_SERVICE_ASSEMBLY_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/crypto/field_cipher.h"
#include "platform/crypto/keyring.h"
#include "platform/events/feed_server.h"
#include "platform/names/id_source.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/service/record_service.h"
#include "platform/store/store.h"

namespace fivestrand::service {

// Destroyed from the last to the first; the server that uses them must be gone by then.
struct Assembly {
  // Given.
  std::shared_ptr<const crypto::Keyring> keyring;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<crypto::DataKeyStore> keys;
  std::unique_ptr<crypto::FieldCipher> cipher;
  // Outlives the server; null: no other service can be called.
  const Peers* peers = nullptr;
  // Made by Assemble.
  std::unique_ptr<resource::Registry> registry;
  std::unique_ptr<events::FeedServer> feed;
  std::shared_ptr<const evidence::EvidenceSource> evidence;  // null for a service that owns no element
};

// All series of a service's store: those of the platform's registry and of the reading journal, then those of the spec.
std::vector<store::MigrationSeries> AllMigrations(const RecordServiceSpec& spec);
// What the service's own snapshot holds besides its records: the readings of closed periods, then what the spec adds.
std::vector<events::SnapshotSource> AllSnapshots(const RecordServiceSpec& spec);

// Makes the registry and a server that serves everything in the spec; the caller starts parts->feed and the server. `options` gives
// the rest: access and audit are set here.
absl::StatusOr<std::unique_ptr<rpc::Server>> Assemble(const RecordServiceSpec& spec, names::IdSource* ids, absl::Time deadline,
                                                      rpc::ServerOptions options, Assembly* parts);

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_ASSEMBLY_H_
