// One pass over the blocks of a frame, on all cores.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SCAN_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SCAN_H_

#include <cstdint>
#include <vector>

#include "services/assessment/domain/crew.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::domain {

struct ScanResult {
  // One for each combination with a result that counts, in order of the keys.
  std::vector<CellSums> cells;
  // Rows of the blocks that were looked at.
  std::int64_t scanned = 0;
};

// More cells than this are not kept: a result then has `kMaxCells` and a question should be narrowed.
inline constexpr std::size_t kMaxCells = 200'000;

ScanResult Scan(const Frame& frame, const FrameQuery& query, Crew& crew);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SCAN_H_
