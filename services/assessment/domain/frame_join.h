// The same pupils in two windows: changes, transitions, and the comparison with similar pupils.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_JOIN_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_JOIN_H_

#include <cstdint>
#include <map>
#include <vector>

#include "services/assessment/domain/crew.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::domain {

// A cell over the results that have one of the same pupil, subject and scale in the baseline window.
struct JoinCell {
  CellKey key{};
  // Sums of the pairs now and then; both count in the query's tally.
  CellSum now, then;
  // Pupils by scale and place of the outcome then and now, of those who have both.
  struct Move {
    std::uint16_t scale = 0;
    std::uint8_t from = 0, to = 0;
    friend auto operator<=>(const Move&, const Move&) = default;
  };
  std::map<Move, std::int64_t> transitions;
};

// Cells in order of their keys. The filter and the axes are of the results now; `query.axes` has no window unless several are asked
// about.
std::vector<JoinCell> Join(const Frame& frame, const FrameQuery& query, std::uint16_t baseline, bool transitions, Crew& crew);

// Fewer on either side say nothing.
inline constexpr std::int64_t kLeastCompared = 20;

struct Comparison {
  std::int64_t pupils = 0, similar = 0, without_match = 0;
  bool too_few = true;
  // Mean changes; of the similar pupils as if they were spread over years and bands as the pupils concerned are.
  double change = 0, similar_change = 0;
  double difference = 0, half_interval = 0;  // of 95 %
};

struct CompareQuery {
  std::uint16_t subject = 0, baseline = 0, window = 0;
  // The pupils concerned: those of them whose result of the baseline the cut lets in.
  NumberSet pupils;
  FrameFilter cut;
  // By number of the scale: whether change is that of the score, else of the place of the outcome.
  std::vector<bool> scored;
};

// Against all others of the frame with the same year group, band of prior attainment and scale in the baseline window.
Comparison Compare(const Frame& frame, const CompareQuery& query);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_JOIN_H_
