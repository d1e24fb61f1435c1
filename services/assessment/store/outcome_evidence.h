// Answers for the elements 5.1, 5.3 and 5.6 out of the frame and the tables.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_OUTCOME_EVIDENCE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_OUTCOME_EVIDENCE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "platform/evidence/evidence_source.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"
#include "services/assessment/store/entry_counts.h"
#include "services/assessment/store/frame_keeper.h"

namespace fivestrand::assessment::store {

// Periods are assessment windows that have results, or that assess anybody. Readings of a window that begins later than asked about
// are left out; otherwise results count as they are now.
class OutcomeEvidence : public evidence::EvidenceSource {
 public:
  explicit OutcomeEvidence(std::shared_ptr<FrameKeeper> keeper) : keeper_(std::move(keeper)) {}

  absl::Span<const evidence::MeasureDefinition> measures() const override;
  absl::Status ListScopes(fivestrand::store::Session& session, std::vector<std::string>* scopes) const override;
  absl::Status Read(fivestrand::store::Session& session, const evidence::EvidenceQuestion& question,
                    std::vector<evidence::ReadingSeries>* series) const override;
  std::string_view SmallNumbersPermission() const override;

  // The window with one result for each pupil; kept for as long as the window does not change.
  std::shared_ptr<const domain::FrameWindow> Combined(const domain::FrameWindow& window, const domain::NumberSet& core) const;
  FrameKeeper& keeper() const { return *keeper_; }

 private:
  static constexpr std::size_t kMostKept = 512;
  // Enrolments that were put right since show after so long.
  static constexpr absl::Duration kEntryAge = absl::Minutes(5);

  struct Entries {
    absl::Time time;
    std::map<std::string, EntryCount> counts;
  };

  absl::Status EntryCounts(fivestrand::store::Session& session, const TrustFrame& frame, const v1::AssessmentWindow& window,
                           absl::Time now, std::map<std::string, EntryCount>* counts) const;

  const std::shared_ptr<FrameKeeper> keeper_;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<std::pair<std::uint64_t, domain::NumberSet>, std::shared_ptr<const domain::FrameWindow>> combined_
      ABSL_GUARDED_BY(mutex_);
  mutable absl::flat_hash_map<std::pair<std::string, std::uint64_t>, Entries> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_OUTCOME_EVIDENCE_H_
