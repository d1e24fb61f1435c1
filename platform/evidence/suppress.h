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

// Marks the cells of a table of counts (row by row, `columns` wide, shown with totals of its rows and columns) that must be hidden:
// each of 1 to k-1, and in every row and column with exactly one hidden cell the next smallest that is not 0, until no row or column
// has exactly one. Totals are not part of the table; a caller who shows them hides a total that is itself under the threshold. Empty
// when counts.size() is not a multiple of `columns`. A row (or a column) with nothing else to hide beside its one hidden cell gets all
// its cells hidden, zeros included; one of a single cell is hidden alone, and its total is then the cell: do not show it.
std::vector<bool> Suppress(absl::Span<const std::int64_t> counts, std::size_t columns, int threshold = kDefaultThreshold);

}  // namespace fivestrand::evidence

#endif  // FIVESTRAND_PLATFORM_EVIDENCE_SUPPRESS_H_
