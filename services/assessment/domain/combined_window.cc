#include "services/assessment/domain/combined_window.h"

#include <array>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace fivestrand::assessment::domain {
namespace {

struct Standing {
  FrameRow row;
  // Subjects in which the pupil counts, and is at each standard. A subject assessed on two scales counts once, at the better.
  std::set<std::uint16_t> counts, expected, higher;
};

}  // namespace

std::shared_ptr<const FrameWindow> CombinedWindow(const FrameWindow& window, const NumberSet& subjects) {
  absl::flat_hash_map<std::uint32_t, Standing> pupils;
  std::array<std::set<std::uint16_t>, kYears> assessed;
  for (const auto& block : window.blocks) {
    const std::uint16_t subject = block->key().subject;
    if (!subjects.Has(subject)) continue;
    for (std::size_t i = 0; i < block->size(); ++i) {
      const std::uint8_t marks = block->marks()[i];
      if ((marks & kCounts) == 0) continue;
      const auto [found, fresh] = pupils.try_emplace(block->pupils()[i]);
      Standing& standing = found->second;
      if (fresh) standing.row = block->RowAt(i, window.number);
      standing.counts.insert(subject);
      if ((marks & kExpected) != 0) standing.expected.insert(subject);
      if ((marks & kHigher) != 0) standing.higher.insert(subject);
      assessed[block->years()[i]].insert(subject);
    }
  }
  std::vector<FrameRow> rows;
  rows.reserve(pupils.size());
  for (auto& [pupil, standing] : pupils) {
    FrameRow& row = standing.row;
    const std::size_t all = assessed[row.year].size();
    row.subject = 0;
    row.scale = 0;
    row.score = 0;
    row.outcome = 0;
    row.marks = static_cast<std::uint8_t>((row.marks & ~(kExpected | kHigher | kScored)) | kCounts |
                                          (standing.expected.size() == all ? kExpected : 0) |
                                          (standing.higher.size() == all ? kHigher : 0));
    rows.push_back(row);
  }
  return MakeWindow(window.number, std::move(rows));
}

}  // namespace fivestrand::assessment::domain
