// Where analysis gets a trust's results from: frames that are as the store is, and what only the store knows of single rows.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SOURCE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SOURCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "services/assessment/domain/disclosure_cache.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_names.h"

namespace fivestrand::assessment::domain {

// A state of a trust's results, with what its numbers stand for.
struct TrustFrame {
  std::shared_ptr<const FrameNames> names;
  Frame frame;
  // Figures about fewer pupils are for those who may see the pupils: the trust's own setting, as it was at the question.
  int threshold = 0;
};

// What a frame does not hold of a row.
struct RowText {
  std::string pupil;  // resource name
  // As people write it; empty when the result has gone since the frame was read, or there is none in the baseline window.
  std::string outcome, baseline_outcome;
  // Thousandths.
  std::optional<std::int64_t> baseline_score;
};

// Thread-safe.
class FrameSource {
 public:
  using Frames = std::shared_ptr<const TrustFrame>;

  virtual ~FrameSource() = default;

  // The trust, given by resource id, with every write that was answered before the call. A frame without windows for a trust that
  // has no results.
  virtual absl::StatusOr<Frames> Read(std::string_view trust, absl::Time deadline) = 0;

  // In the order of the rows. `baseline`: number of a window, or 0.
  virtual absl::StatusOr<std::vector<RowText>> Describe(const TrustFrame& frame, absl::Span<const FrameRow> rows,
                                                        std::uint16_t baseline, absl::Time deadline) = 0;
  // Numbers of pupils, given by resource id; those who never had a result are left out.
  virtual absl::StatusOr<std::vector<std::uint32_t>> PupilNumbers(std::string_view trust, absl::Span<const std::string_view> pupils,
                                                                  absl::Time deadline) = 0;

  // What was chosen to be shown of each window and subject.
  virtual DisclosureCache& disclosures() = 0;

  // Begins to load every trust of the store, on a thread of its own; ends that, which must be done before the store goes.
  virtual void StartLoading() = 0;
  virtual void StopLoading() = 0;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SOURCE_H_
