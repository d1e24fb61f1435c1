// Who is told of results as they are committed, so that a copy in memory holds them before the writer hears of it.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_OBSERVER_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_OBSERVER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/types/span.h"

#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::domain {

// What one commit changed. Views are valid during the call.
struct ResultCommit {
  // Resource id, and its number in the keys.
  std::string_view trust;
  std::int32_t trust_number = 0;
  // The new state of every result that was made or changed, in no particular order; no key stands twice, here or in `removed`.
  absl::Span<const ResultRow> written;
  // Keys of results that were taken away.
  absl::Span<const std::int64_t> removed;
};

// Results of other processes on the same PostgreSQL come through the outbox only: as events of type fivestrand/ResultChange, which
// say window, subject and scale (a range of keys), written in the same transaction as the results.
class ResultObserver {
 public:
  virtual ~ResultObserver() = default;

  // Called on the store's writer thread after the commit is durable and before its caller is answered; in the order of the commits,
  // and never twice at once. Must neither block nor call the store. A row's names are in the dictionary by then.
  virtual void OnResults(const ResultCommit& commit) = 0;
};

// What a transaction has changed, until it is committed.
struct ResultChanges {
  std::int32_t trust_number = 0;
  std::vector<ResultRow> written;
  std::vector<std::int64_t> removed;

  bool empty() const { return written.empty() && removed.empty(); }
  // Nothing when `observer` is null or nothing has changed. `trust` is a resource id.
  void Tell(ResultObserver* observer, std::string_view trust) const {
    if (observer != nullptr && !empty()) observer->OnResults({trust, trust_number, written, removed});
  }
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_OBSERVER_H_
