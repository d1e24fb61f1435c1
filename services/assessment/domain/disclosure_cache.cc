#include "services/assessment/domain/disclosure_cache.h"

#include <algorithm>
#include <map>
#include <utility>

namespace fivestrand::assessment::domain {
namespace {

using ClassKey = std::tuple<std::uint16_t, std::uint8_t, std::uint8_t, std::uint8_t>;

}  // namespace

std::shared_ptr<const DisclosedColumn> Disclose(const FrameWindow& window, std::uint16_t subject, Tally tally, int threshold) {
  const std::uint8_t counts = tally == Tally::kScore ? kScored : kCounts;
  const std::uint8_t reaches = tally == Tally::kExpected ? kExpected : tally == Tally::kHigher ? kHigher : 0;
  std::map<std::pair<ClassKey, std::uint16_t>, CellSum> sums;
  std::map<ClassKey, std::int64_t> pupils;
  // A pupil with results on two scales is one pupil.
  std::vector<bool> seen;
  for (const auto& block : window.blocks) {
    const BlockKey& key = block->key();
    if (key.subject != subject) continue;
    for (std::size_t i = 0; i < block->size(); ++i) {
      const std::uint8_t marks = block->marks()[i];
      if ((marks & counts) == 0) continue;
      const ClassKey one{key.school, block->years()[i], block->groups()[i], PriorOf(marks)};
      CellSum& sum = sums[{one, key.scale}];
      sum.scale = tally == Tally::kScore ? key.scale : 0;
      ++sum.count;
      if ((marks & reaches) != 0) ++sum.reached;
      if (tally == Tally::kScore) sum.score += block->ScoreAt(i);
      const std::uint32_t pupil = block->pupils()[i];
      if (pupil >= seen.size()) seen.resize(std::max<std::size_t>(pupil + 1, seen.size() * 2));
      std::int64_t& alike = pupils[one];
      if (!seen[pupil]) ++alike;
      seen[pupil] = true;
    }
  }
  std::vector<PupilClass> classes;
  for (const auto& [key, count] : pupils) {
    classes.push_back({.school = std::get<0>(key),
                       .year = std::get<1>(key),
                       .groups = std::get<2>(key),
                       .prior = std::get<3>(key),
                       .pupils = count});
  }
  auto column = std::make_shared<DisclosedColumn>(DisclosedColumn{{}, Disclosure(classes, threshold)});
  // By school, year, place of the attribute in AllAttributes, and scale.
  std::map<std::tuple<std::uint16_t, std::uint8_t, std::size_t, std::uint16_t>, CellSum> leaves;
  const std::vector<Attribute> attributes = AllAttributes();
  for (const auto& [key, sum] : sums) {
    const auto& [school, year, groups, prior] = key.first;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      if (attributes[i].Holds(groups, prior)) leaves[{school, year, i, key.second}].Add(sum);
    }
  }
  for (const auto& [key, sum] : leaves)
    column->leaves.push_back({std::get<0>(key), std::get<1>(key), attributes[std::get<2>(key)], sum});
  return column;
}

std::shared_ptr<const DisclosedColumn> DisclosureCache::Get(const FrameWindow& window, std::uint16_t subject, Tally tally,
                                                            int threshold) {
  const Key key{window.stamp, subject, static_cast<int>(tally), threshold};
  {
    absl::MutexLock lock(&mutex_);
    const auto found = kept_.find(key);
    if (found != kept_.end()) return found->second;
  }
  std::shared_ptr<const DisclosedColumn> column = Disclose(window, subject, tally, threshold);
  absl::MutexLock lock(&mutex_);
  if (kept_.size() >= capacity_) kept_.clear();
  return kept_.try_emplace(key, std::move(column)).first->second;
}

}  // namespace fivestrand::assessment::domain
