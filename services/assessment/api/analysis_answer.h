// Cells of a frame as the contract gives them.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_ANSWER_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_ANSWER_H_

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "fivestrand/assessment/v1/analysis.pb.h"

#include "services/assessment/domain/figures.h"
#include "services/assessment/domain/frame_join.h"
#include "services/assessment/domain/frame_names.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::api {

// Most cells of an answer.
inline constexpr std::size_t kMaxAnswer = 5'000;

v1::Figure FigureOf(domain::Tally tally, const domain::CellSum& sum);
v1::Figure Suppressed();
// a - b, over `count` results; ONE_SIDED or SUPPRESSED when a side has no value.
v1::Figure Difference(const v1::Figure& a, const v1::Figure& b, std::int64_t count);

// Orders keys as answers have them: schools, subjects and classes by name, windows by time, everything else by number.
class KeyOrder {
 public:
  KeyOrder(const domain::FrameNames& names, absl::Span<const domain::Axis> axes);
  bool Before(const domain::CellKey& a, const domain::CellKey& b) const;

 private:
  std::uint32_t RankOf(std::size_t axis, std::uint32_t number) const;

  std::vector<std::vector<std::uint32_t>> ranks_;  // by axis; empty: by number
  std::size_t axes_;
};

void AddKeys(const domain::FrameNames& names, absl::Span<const domain::Axis> axes, const domain::CellKey& key,
             v1::ResultCell* cell);

// Nothing when there are none, or on several scales.
void AddTransitions(const domain::FrameNames& names, const std::map<domain::JoinCell::Move, std::int64_t>& moves,
                    v1::ResultCell* cell);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_ANSWER_H_
