// Compiled for speed (services/assessment/domain/CMakeLists.txt): the loops over rows are all here.
#include "services/assessment/domain/frame_scan.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "services/assessment/domain/scan_plan.h"

namespace fivestrand::assessment::domain {
namespace {

// Sums of the rows of a block that agree in everything that the question looks at. Reached in the upper half: a block has fewer
// than 2^32 rows.
struct Slot {
  std::uint64_t counts = 0;
  std::int64_t units = 0;
};

struct Acc {
  std::int64_t count = 0, reached = 0, score = 0;
};

// Up to this many codes the tables of a scan stay in the first cache, four times over.
constexpr std::size_t kSmallTable = 128;
constexpr std::size_t kLargestTable = 1 << 18;

// Four tables side by side, so that rows of the same code that follow one another do not wait for each other's sums.
template <typename Score>
void AddSmall(const std::uint8_t* codes, const std::uint8_t* marks, const Score* scores, std::size_t n, const Worth& worth,
              Slot* slots) {
  Slot *a = slots, *b = slots + kSmallTable, *c = slots + 2 * kSmallTable, *d = slots + 3 * kSmallTable;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    Slot &sa = a[codes[i]], &sb = b[codes[i + 1]], &sc = c[codes[i + 2]], &sd = d[codes[i + 3]];
    sa.counts += worth[marks[i]];
    sb.counts += worth[marks[i + 1]];
    sc.counts += worth[marks[i + 2]];
    sd.counts += worth[marks[i + 3]];
    if constexpr (!std::is_same_v<Score, void>) {
      sa.units += scores[i];
      sb.units += scores[i + 1];
      sc.units += scores[i + 2];
      sd.units += scores[i + 3];
    }
  }
  for (; i < n; ++i) {
    a[codes[i]].counts += worth[marks[i]];
    if constexpr (!std::is_same_v<Score, void>) a[codes[i]].units += scores[i];
  }
}

// The part of a key that is the same for all rows of a block, or of a class in it.
struct Base {
  std::uint32_t school = 0, school_class = 0;
  std::uint16_t subject = 0, window = 0, scale = 0;
  std::uint8_t phase = 0;
  friend bool operator==(const Base&, const Base&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Base& b) {
    return H::combine(std::move(h), b.school, b.school_class, b.subject, b.window, b.scale, b.phase);
  }
};

// The sums of one worker.
class Sums {
 public:
  explicit Sums(std::size_t stride) : stride_(stride) {}

  Acc* At(const Base& base) {
    const auto [found, fresh] = places_.try_emplace(base, accs_.size());
    if (fresh) accs_.resize(accs_.size() + stride_);
    return &accs_[found->second];
  }
  template <typename Each>
  void ForEach(Each each) const {
    for (const auto& [base, place] : places_) each(base, &accs_[place]);
  }

 private:
  const std::size_t stride_;
  absl::flat_hash_map<Base, std::size_t> places_;
  std::vector<Acc> accs_;
};

class Worker {
 public:
  explicit Worker(const ScanPlan& plan) : plan_(plan), sums_(plan.stride()), small_(4 * kSmallTable) {}

  void Add(std::uint16_t window, const Block& block) {
    const BlockGate gate(plan_.query().filter, window, block);
    if (gate.closed()) return;
    scanned_ += static_cast<std::int64_t>(block.size());
    const bool by_class = plan_.by_class() || gate.by_class();
    if (!by_class && plan_.codes() <= kSmallTable) return AddByteCodes(window, block, gate);
    AddWideCodes(window, block, gate, by_class);
  }

  const Sums& sums() const { return sums_; }
  std::int64_t scanned() const { return scanned_; }

 private:
  Base BaseOf(std::uint16_t window, const Block& block, std::uint32_t school_class) const {
    const BlockKey& key = block.key();
    Base base;
    if (plan_.Has(Axis::kSchool)) base.school = key.school;
    if (plan_.Has(Axis::kSubject)) base.subject = key.subject;
    if (plan_.Has(Axis::kWindow)) base.window = window;
    if (plan_.Has(Axis::kClass)) base.school_class = school_class;
    if (plan_.Has(Axis::kPhase)) {
      const auto& phases = plan_.query().phase_of_school;
      base.phase = key.school < phases.size() ? phases[key.school] : 0;
    }
    // Shares of different scales add up; scores do not.
    if (plan_.query().tally == Tally::kScore) base.scale = key.scale;
    return base;
  }

  void Fold(const Slot& slot, std::size_t code, std::int32_t step, Acc* accs) const {
    const std::int64_t count = static_cast<std::int64_t>(slot.counts & 0xFFFFFFFF);
    if (count == 0) return;
    const std::int64_t reached = static_cast<std::int64_t>(slot.counts >> 32), score = slot.units * step;
    for (const std::uint16_t target : plan_.targets(code)) {
      Acc& acc = accs[target];
      acc.count += count;
      acc.reached += reached;
      acc.score += score;
    }
  }

  void AddByteCodes(std::uint16_t window, const Block& block, const BlockGate& gate) {
    const std::uint8_t* codes = block.groups();
    if (!plan_.only_groups()) codes = ByteCodes(block);
    const Worth& worth = plan_.worth();
    const std::uint8_t* marks = block.marks();
    if (plan_.query().tally != Tally::kScore) {
      AddSmall<void>(codes, marks, nullptr, block.size(), worth, small_.data());
    } else if (block.narrow_scores() != nullptr) {
      AddSmall(codes, marks, block.narrow_scores(), block.size(), worth, small_.data());
    } else {
      AddSmall(codes, marks, block.wide_scores(), block.size(), worth, small_.data());
    }
    Acc* accs = sums_.At(BaseOf(window, block, kNoClass));
    for (std::size_t code = 0; code < plan_.codes(); ++code) {
      Slot sum;
      for (int table = 0; table < 4; ++table) {
        Slot& slot = small_[table * kSmallTable + code];
        sum.counts += slot.counts;
        sum.units += slot.units;
        slot = {};
      }
      const auto year = static_cast<std::uint8_t>(plan_.by_year() ? code / plan_.year_stride() : 0);
      if (!plan_.by_year() || gate.Lets(0, year)) Fold(sum, code, block.step(), accs);
    }
  }

  const std::uint8_t* ByteCodes(const Block& block) {
    byte_codes_.resize(block.size());
    std::uint8_t* out = byte_codes_.data();
    const std::size_t n = block.size();
    if (plan_.by_groups()) {
      std::copy_n(block.groups(), n, out);
    } else {
      std::fill_n(out, n, std::uint8_t{0});
    }
    const std::uint8_t *marks = block.marks(), *years = block.years();
    const auto prior_stride = static_cast<std::uint8_t>(plan_.prior_stride()),
               year_stride = static_cast<std::uint8_t>(plan_.year_stride());
    if (plan_.by_prior()) {
      for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(out[i] + (marks[i] >> kMarkBits) * prior_stride);
    }
    if (plan_.by_year()) {
      for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(out[i] + years[i] * year_stride);
    }
    return out;
  }

  // Tables that are too large to clear for each block: only what was touched is folded and cleared.
  void AddWideCodes(std::uint16_t window, const Block& block, const BlockGate& gate, bool by_class) {
    const std::size_t per_class = plan_.codes();
    const std::size_t at_once = std::max<std::size_t>(kLargestTable / per_class, 1);
    const std::size_t classes = by_class ? block.classes().size() : 1;
    for (std::size_t first = 0; first < classes; first += at_once)
      AddClasses(window, block, gate, by_class, first, std::min(at_once, classes - first));
  }

  void AddClasses(std::uint16_t window, const Block& block, const BlockGate& gate, bool by_class, std::size_t first,
                  std::size_t classes) {
    const std::size_t per_class = plan_.codes();
    if (large_.size() < per_class * classes) large_.resize(per_class * classes);
    touched_.clear();
    const bool scores = plan_.query().tally == Tally::kScore;
    for (std::size_t i = 0; i < block.size(); ++i) {
      std::size_t code = 0;
      if (by_class) {
        code = block.class_places()[i] - first;
        if (code >= classes) continue;
        code *= per_class;
      }
      const std::uint8_t marks = block.marks()[i];
      const std::uint64_t worth = plan_.worth()[marks];
      if (worth == 0) continue;
      if (plan_.by_year()) code += block.years()[i] * static_cast<std::size_t>(plan_.year_stride());
      if (plan_.by_prior()) code += PriorOf(marks) * static_cast<std::size_t>(plan_.prior_stride());
      if (plan_.by_groups()) code += block.groups()[i];
      Slot& slot = large_[code];
      if (slot.counts == 0) touched_.push_back(static_cast<std::uint32_t>(code));
      slot.counts += worth;
      if (scores) slot.units += block.narrow_scores() != nullptr ? block.narrow_scores()[i] : block.wide_scores()[i];
    }
    for (const std::uint32_t code : touched_) {
      const std::size_t place = first + code / per_class, rest = code % per_class;
      const auto year = static_cast<std::uint8_t>(plan_.by_year() ? rest / static_cast<std::size_t>(plan_.year_stride()) : 0);
      const auto class_place = static_cast<std::uint16_t>(by_class ? place : 0);
      const bool in = plan_.by_year() || gate.by_class() ? gate.Lets(class_place, year) : true;
      if (in) Fold(large_[code], rest, block.step(), sums_.At(BaseOf(window, block, by_class ? block.classes()[place] : kNoClass)));
      large_[code] = {};
    }
  }

  const ScanPlan& plan_;
  Sums sums_;
  std::int64_t scanned_ = 0;
  std::vector<Slot> small_, large_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::uint8_t> byte_codes_;
};

// Cells out of the sums of all workers.
class Gather {
 public:
  explicit Gather(const ScanPlan& plan) : plan_(plan) {}

  void Add(const Base& base, const Acc* accs) {
    const int parts = plan_.parts();
    for (std::size_t target = 0; target < plan_.stride(); target += static_cast<std::size_t>(parts)) {
      if (accs[target].count == 0) continue;
      const std::size_t cell = target / static_cast<std::size_t>(parts);
      const auto group = static_cast<std::uint32_t>(cell % static_cast<std::size_t>(plan_.group_cells()));
      const std::size_t rest = cell / static_cast<std::size_t>(plan_.group_cells());
      const auto prior = static_cast<std::uint32_t>(rest % static_cast<std::size_t>(plan_.prior_cells()));
      const auto year = static_cast<std::uint32_t>(rest / static_cast<std::size_t>(plan_.prior_cells()));
      CellSums& sums = Cell(KeyOf(base, year, prior, group));
      sums.all.Add(SumOf(accs[target], base.scale));
      if (parts == 3) {
        sums.gap_group.Add(SumOf(accs[target + 1], base.scale));
        sums.gap_others.Add(SumOf(accs[target + 2], base.scale));
      }
    }
  }

  std::vector<CellSums> Take() {
    std::sort(cells_.begin(), cells_.end(), [](const CellSums& a, const CellSums& b) { return a.key < b.key; });
    return std::move(cells_);
  }

 private:
  static CellSum SumOf(const Acc& acc, std::uint16_t scale) {
    return {.count = acc.count, .reached = acc.reached, .score = acc.score, .scale = scale};
  }

  CellKey KeyOf(const Base& base, std::uint32_t year, std::uint32_t prior, std::uint32_t group) const {
    CellKey key{};
    for (std::size_t i = 0; i < plan_.query().axes.size(); ++i) {
      switch (plan_.query().axes[i]) {
        case Axis::kSchool:
          key[i] = base.school;
          break;
        case Axis::kPhase:
          key[i] = base.phase;
          break;
        case Axis::kYear:
          key[i] = year;
          break;
        case Axis::kClass:
          key[i] = base.school_class;
          break;
        case Axis::kSubject:
          key[i] = base.subject;
          break;
        case Axis::kWindow:
          key[i] = base.window;
          break;
        case Axis::kGroup:
          key[i] = group;
          break;
        case Axis::kPrior:
          key[i] = prior;
          break;
      }
    }
    return key;
  }

  CellSums& Cell(const CellKey& key) {
    const auto [found, fresh] = places_.try_emplace(key, cells_.size());
    if (fresh) cells_.push_back({.key = key});
    return cells_[found->second];
  }

  const ScanPlan& plan_;
  absl::flat_hash_map<CellKey, std::size_t> places_;
  std::vector<CellSums> cells_;
};

// So many rows at least make a task: less is not worth waking anybody for.
constexpr std::size_t kTaskRows = 50'000;

struct Task {
  const FrameWindow* window;
  std::size_t first, last;
};

std::vector<Task> Cut(const Frame& frame, const FrameFilter& filter) {
  std::vector<Task> tasks;
  for (const auto& window : frame.windows()) {
    if (!filter.windows.Has(window->number)) continue;
    std::size_t first = 0, rows = 0;
    for (std::size_t i = 0; i < window->blocks.size(); ++i) {
      rows += window->blocks[i]->size();
      if (rows < kTaskRows && i + 1 < window->blocks.size()) continue;
      tasks.push_back({window.get(), first, i + 1});
      first = i + 1;
      rows = 0;
    }
  }
  return tasks;
}

}  // namespace

ScanResult Scan(const Frame& frame, const FrameQuery& query, Crew& crew) {
  const ScanPlan plan(query);
  const std::vector<Task> tasks = Cut(frame, query.filter);
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < crew.width(); ++i) workers.push_back(std::make_unique<Worker>(plan));
  crew.Run(static_cast<int>(tasks.size()), [&](int number, int worker) {
    const Task& task = tasks[static_cast<std::size_t>(number)];
    for (std::size_t i = task.first; i < task.last; ++i)
      workers[static_cast<std::size_t>(worker)]->Add(task.window->number, *task.window->blocks[i]);
  });
  ScanResult result;
  Gather gather(plan);
  for (const auto& worker : workers) {
    worker->sums().ForEach([&](const Base& base, const Acc* accs) { gather.Add(base, accs); });
    result.scanned += worker->scanned();
  }
  result.cells = gather.Take();
  if (result.cells.size() > kMaxCells) result.cells.resize(kMaxCells);
  return result;
}

}  // namespace fivestrand::assessment::domain
