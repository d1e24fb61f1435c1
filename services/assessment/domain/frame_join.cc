#include "services/assessment/domain/frame_join.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace fivestrand::assessment::domain {
namespace {

constexpr std::uint8_t CountsFor(Tally tally) {
  return tally == Tally::kScore ? kScored : kCounts;
}
constexpr std::uint8_t ReachesFor(Tally tally) {
  return tally == Tally::kExpected ? kExpected : tally == Tally::kHigher ? kHigher : 0;
}

// Where a pupil's result of the baseline is. A column is a subject and scale: pupils may have moved school since.
struct Then {
  const Block* block = nullptr;
  std::uint32_t place = 0;
};

class Column {
 public:
  void Add(const Block& block) {
    for (std::size_t i = 0; i < block.size(); ++i) {
      const std::uint32_t pupil = block.pupils()[i];
      if (pupil >= rows_.size()) rows_.resize(std::max<std::size_t>(pupil + 1, rows_.size() * 2));
      rows_[pupil] = {&block, static_cast<std::uint32_t>(i)};
    }
  }
  const Then* Find(std::uint32_t pupil) const {
    return pupil < rows_.size() && rows_[pupil].block != nullptr ? &rows_[pupil] : nullptr;
  }

 private:
  std::vector<Then> rows_;
};

using ColumnKey = std::pair<std::uint16_t, std::uint16_t>;

ColumnKey ColumnOf(const Block& block) {
  return {block.key().subject, block.key().scale};
}

std::map<ColumnKey, Column> ColumnsOf(const FrameWindow& window, const NumberSet& subjects) {
  std::map<ColumnKey, Column> columns;
  for (const auto& block : window.blocks) {
    if (subjects.Has(block->key().subject)) columns[ColumnOf(*block)].Add(*block);
  }
  return columns;
}

class JoinWorker {
 public:
  JoinWorker(const FrameQuery& query, const std::map<ColumnKey, Column>& columns, bool transitions)
      : query_(query),
        columns_(columns),
        transitions_(transitions),
        counts_(CountsFor(query.tally)),
        reaches_(ReachesFor(query.tally)) {}

  void Add(std::uint16_t window, const Block& block) {
    const auto column = columns_.find(ColumnOf(block));
    if (column == columns_.end()) return;
    const BlockGate gate(query_.filter, window, block);
    if (gate.closed()) return;
    for (std::size_t i = 0; i < block.size(); ++i) {
      const Then* then = column->second.Find(block.pupils()[i]);
      if (then == nullptr || !gate.LetsRow(block, i)) continue;
      AddPair(window, block, i, *then->block, then->place);
    }
  }

  const absl::flat_hash_map<CellKey, JoinCell>& cells() const { return cells_; }

 private:
  CellSum SumOf(const Block& block, std::size_t i) const {
    CellSum sum{.count = 1, .scale = block.key().scale};
    sum.reached = (block.marks()[i] & reaches_) != 0 ? 1 : 0;
    if (query_.tally == Tally::kScore) {
      sum.score = block.ScoreAt(i);
    } else {
      // Shares of different scales add up.
      sum.scale = 0;
    }
    return sum;
  }

  void AddPair(std::uint16_t window, const Block& now, std::size_t i, const Block& then, std::size_t j) {
    const bool both = (now.marks()[i] & then.marks()[j] & counts_) != 0;
    const std::uint8_t from = then.outcomes()[j], to = now.outcomes()[i];
    const bool moved = transitions_ && from != 0 && to != 0;
    if (!both && !moved) return;
    keys_.clear();
    AddKeys(window, now, i);
    for (const CellKey& key : keys_) {
      JoinCell& cell = cells_[key];
      cell.key = key;
      if (both) {
        cell.now.Add(SumOf(now, i));
        cell.then.Add(SumOf(then, j));
      }
      if (moved) ++cell.transitions[{now.key().scale, from, to}];
    }
  }

  void AddKeys(std::uint16_t window, const Block& block, std::size_t i) {
    CellKey key{};
    std::size_t group_axis = kMaxAxes;
    for (std::size_t axis = 0; axis < query_.axes.size(); ++axis) {
      switch (query_.axes[axis]) {
        case Axis::kSchool:
          key[axis] = block.key().school;
          break;
        case Axis::kPhase:
          key[axis] = block.key().school < query_.phase_of_school.size() ? query_.phase_of_school[block.key().school] : 0;
          break;
        case Axis::kYear:
          key[axis] = block.years()[i];
          break;
        case Axis::kClass:
          key[axis] = block.classes()[block.class_places()[i]];
          break;
        case Axis::kSubject:
          key[axis] = block.key().subject;
          break;
        case Axis::kWindow:
          key[axis] = window;
          break;
        case Axis::kGroup:
          group_axis = axis;
          break;
        case Axis::kPrior:
          key[axis] = PriorOf(block.marks()[i]);
          break;
      }
    }
    if (group_axis == kMaxAxes) {
      keys_.push_back(key);
      return;
    }
    for (std::uint32_t group = 0; group < kGroups; ++group) {
      key[group_axis] = 2 * group + ((block.groups()[i] >> group & 1) != 0 ? 0 : 1);
      keys_.push_back(key);
    }
  }

  const FrameQuery& query_;
  const std::map<ColumnKey, Column>& columns_;
  const bool transitions_;
  const std::uint8_t counts_, reaches_;
  std::vector<CellKey> keys_;
  absl::flat_hash_map<CellKey, JoinCell> cells_;
};

// Sums of changes of one stratum and side.
struct Changes {
  std::int64_t n = 0;
  double sum = 0, squares = 0;

  void Add(double change) {
    ++n;
    sum += change;
    squares += change * change;
  }
  double mean() const { return sum / static_cast<double>(n); }
  // Squared distances from the mean.
  double spread() const { return std::max(0.0, squares - sum * sum / static_cast<double>(n)); }
};

struct Stratum {
  Changes concerned, similar;
};

using StratumKey = std::tuple<std::uint16_t, std::uint8_t, std::uint8_t>;  // scale, year, prior

std::map<StratumKey, Stratum> StrataOf(const Frame& frame, const CompareQuery& query) {
  std::map<StratumKey, Stratum> strata;
  const FrameWindow *then = frame.Find(query.baseline), *now = frame.Find(query.window);
  if (then == nullptr || now == nullptr) return strata;
  NumberSet subject;
  subject.Add(query.subject);
  const std::map<ColumnKey, Column> columns = ColumnsOf(*now, subject);
  for (const auto& block : then->blocks) {
    if (block->key().subject != query.subject) continue;
    const auto column = columns.find(ColumnOf(*block));
    if (column == columns.end()) continue;
    const std::uint16_t scale = block->key().scale;
    const bool scored = scale < query.scored.size() && query.scored[scale];
    const BlockGate gate(query.cut, query.baseline, *block);
    for (std::size_t i = 0; i < block->size(); ++i) {
      const std::uint32_t pupil = block->pupils()[i];
      const Then* later = column->second.Find(pupil);
      if (later == nullptr) continue;
      double change = 0;
      if (scored) {
        if ((block->marks()[i] & later->block->marks()[later->place] & kScored) == 0) continue;
        change = static_cast<double>(later->block->ScoreAt(later->place) - block->ScoreAt(i)) / 1000;
      } else {
        const int from = block->outcomes()[i], to = later->block->outcomes()[later->place];
        if (from == 0 || to == 0) continue;
        change = to - from;
      }
      const bool let_in = !gate.closed() && gate.LetsRow(*block, i), named = query.pupils.Has(pupil);
      const bool concerned = let_in && named;
      // One of those named whom the cut keeps out is on neither side.
      if (!concerned && named && query.pupils.limited()) continue;
      Stratum& stratum = strata[{scale, block->years()[i], PriorOf(block->marks()[i])}];
      (concerned ? stratum.concerned : stratum.similar).Add(change);
    }
  }
  return strata;
}

}  // namespace

std::vector<JoinCell> Join(const Frame& frame, const FrameQuery& query, std::uint16_t baseline, bool transitions, Crew& crew) {
  const FrameWindow* then = frame.Find(baseline);
  if (then == nullptr) return {};
  const std::map<ColumnKey, Column> columns = ColumnsOf(*then, query.filter.subjects);
  std::vector<std::unique_ptr<JoinWorker>> workers;
  for (int i = 0; i < crew.width(); ++i) workers.push_back(std::make_unique<JoinWorker>(query, columns, transitions));
  std::vector<std::pair<std::uint16_t, const Block*>> blocks;
  for (const auto& window : frame.windows()) {
    if (!query.filter.windows.Has(window->number) || window->number == baseline) continue;
    for (const auto& block : window->blocks) blocks.emplace_back(window->number, block.get());
  }
  constexpr std::size_t kAtOnce = 16;
  crew.Run(static_cast<int>((blocks.size() + kAtOnce - 1) / kAtOnce), [&](int task, int worker) {
    const std::size_t first = static_cast<std::size_t>(task) * kAtOnce, last = std::min(first + kAtOnce, blocks.size());
    for (std::size_t i = first; i < last; ++i) workers[static_cast<std::size_t>(worker)]->Add(blocks[i].first, *blocks[i].second);
  });

  std::map<CellKey, JoinCell> cells;
  for (const auto& worker : workers) {
    for (const auto& [key, from] : worker->cells()) {
      JoinCell& cell = cells[key];
      cell.key = key;
      cell.now.Add(from.now);
      cell.then.Add(from.then);
      for (const auto& [move, count] : from.transitions) cell.transitions[move] += count;
    }
  }
  std::vector<JoinCell> result;
  for (auto& [key, cell] : cells) result.push_back(std::move(cell));
  return result;
}

Comparison Compare(const Frame& frame, const CompareQuery& query) {
  Comparison result;
  double concerned_spread = 0, similar_spread = 0;
  std::int64_t strata_used = 0;
  const std::map<StratumKey, Stratum> strata = StrataOf(frame, query);
  for (const auto& [key, stratum] : strata) {
    if (stratum.concerned.n == 0) continue;
    if (stratum.similar.n == 0) {
      result.without_match += stratum.concerned.n;
      continue;
    }
    ++strata_used;
    result.pupils += stratum.concerned.n;
    result.similar += stratum.similar.n;
    concerned_spread += stratum.concerned.spread();
    similar_spread += stratum.similar.spread();
  }
  result.too_few = result.pupils < kLeastCompared || result.similar < kLeastCompared || result.pupils <= strata_used ||
                   result.similar <= strata_used;
  if (result.too_few) return result;

  // Each stratum weighs as many of the pupils concerned as are in it. The spread within strata is taken to be the same in all.
  const double concerned_variance = concerned_spread / static_cast<double>(result.pupils - strata_used);
  const double similar_variance = similar_spread / static_cast<double>(result.similar - strata_used);
  double variance = 0;
  for (const auto& [key, stratum] : strata) {
    if (stratum.concerned.n == 0 || stratum.similar.n == 0) continue;
    const double weight = static_cast<double>(stratum.concerned.n) / static_cast<double>(result.pupils);
    result.change += weight * stratum.concerned.mean();
    result.similar_change += weight * stratum.similar.mean();
    variance +=
        weight * weight *
        (concerned_variance / static_cast<double>(stratum.concerned.n) + similar_variance / static_cast<double>(stratum.similar.n));
  }
  result.difference = result.change - result.similar_change;
  result.half_interval = 1.96 * std::sqrt(variance);
  return result;
}

}  // namespace fivestrand::assessment::domain
