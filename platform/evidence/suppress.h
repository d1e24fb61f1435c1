// Small numbers: no figure over fewer than k pupils or people is shown, nor one from which it could be worked out.
#ifndef FIVESTRAND_PLATFORM_EVIDENCE_SUPPRESS_H_
#define FIVESTRAND_PLATFORM_EVIDENCE_SUPPRESS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace fivestrand::evidence {

inline constexpr int kDefaultThreshold = 6;
// A trust's setting below it is raised to it.
inline constexpr int kLeastThreshold = 3;

int EffectiveThreshold(int configured);

// True when a figure over n may be shown alone. 0 may: it is about nobody.
bool MayShow(std::int64_t n, int threshold = kDefaultThreshold);

// What to hide of a table of counts that is shown with the totals of its rows and columns and the grand total.
struct Suppressed {
  std::vector<bool> cells;  // as the counts: row by row
  std::vector<bool> row_totals;
  std::vector<bool> column_totals;
  bool total = false;
};

// Hides each count of 1 to k-1, totals too, and then the next smallest in its row or column until
//  - no hidden count can be worked out from those that stay and the totals, by any chain of subtractions, and
//  - what is hidden of a row or column comes to k or more together, or its total is hidden as well.
// Zeros stay in sight, as they are about nobody, unless nothing else is left to hide. The same table always gives the same answer.
// Everything is hidden when counts.size() is not a multiple of `columns`, or the table has more than kMaxTable counts.
inline constexpr std::size_t kMaxTable = 2'000;
Suppressed Suppress(absl::Span<const std::int64_t> counts, std::size_t columns, int threshold = kDefaultThreshold);

}  // namespace fivestrand::evidence

#endif  // FIVESTRAND_PLATFORM_EVIDENCE_SUPPRESS_H_
