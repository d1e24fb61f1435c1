// The journal of readings: every closed period's readings are kept and sent to followers as events of the type fivestrand/Reading,
// whose record is a fivestrand.evidence.v1.Reading. When records are corrected later, so is the reading, with a revision more.
#ifndef FIVESTRAND_PLATFORM_SERVICE_READING_JOURNAL_H_
#define FIVESTRAND_PLATFORM_SERVICE_READING_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/events/follow_spec.h"
#include "platform/evidence/evidence_source.h"
#include "platform/store/migration.h"

namespace fivestrand::store {
class Session;
class Store;
}  // namespace fivestrand::store

namespace fivestrand::service {

inline constexpr std::string_view kReadingType = "fivestrand/Reading";

// The tables of the journal, part of the store of every service that has an EvidenceSource.
store::MigrationSeries EvidenceMigrations();

// Resource name of a reading: `{scope}/readings/{digest of measure, cut and beginning of the period}`. The same for every
// correction.
std::string ReadingName(const evidence::v1::Reading& reading);

// Brings the journal of a store up to date. Not thread-safe; several, of replicas, may work on one store.
class ReadingJournal {
 public:
  // `store` outlives it. `service` is the name that events get as actor: services/{service}. `mirrors` are the tables with copies
  // of other services' records: while these are not whole, because a snapshot is still coming in, nothing is computed.
  ReadingJournal(store::Store& store, std::shared_ptr<const evidence::EvidenceSource> source, std::string_view service,
                 std::vector<std::string> mirrors = {});

  struct Outcome {
    std::int64_t scopes = 0;     // that were computed
    std::int64_t written = 0;    // new readings and corrections
    std::int64_t withdrawn = 0;  // whose period or measure is no more
  };

  // Nothing is computed of a trust whose own record is not there yet, so that it can be brought in part by part.
  // Computes the closed periods of the last fourteen months: for all schools and trusts on the first look of a day, and whenever
  // something was written down of another service; and then for those with new events. Doing so twice changes nothing, and costs a
  // few small queries while nothing happens. A reading without a value (too few, nothing concluded) is kept with its reason.
  // Returns early, with OK, when `stop` is requested.
  absl::StatusOr<Outcome> Update(absl::Time now, const std::stop_token& stop = {});

 private:
  struct Plan;

  absl::Status MakePlans(store::Session& session, std::int64_t day, std::vector<Plan>* plans);
  // Leaves in the plan the scopes that may have changed since the state that the store holds.
  absl::Status Narrow(store::Session& session, std::int64_t trimmed_cursor, Plan* plan);
  absl::Status UpdateTrust(Plan& plan, absl::Time now, const std::stop_token& stop, Outcome* outcome);
  absl::Status UpdateScope(const Plan& plan, const std::string& scope, absl::Time now, Outcome* outcome);

  store::Store& store_;
  const std::shared_ptr<const evidence::EvidenceSource> source_;
  const std::string actor_;
  const std::vector<std::string> mirrors_;
  // Up to where the outbox is known to hold nothing new of a trust.
  absl::flat_hash_map<std::string, std::int64_t> checked_;
};

// What the journal adds to the snapshot for a new follower.
events::SnapshotSource ReadingSnapshot();

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_READING_JOURNAL_H_
