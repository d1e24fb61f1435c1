#include "services/assessment/domain/figures.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

namespace fivestrand::assessment::domain {
namespace {

bool HasAxis(const FrameQuery& query, Axis axis) {
  return std::find(query.axes.begin(), query.axes.end(), axis) != query.axes.end();
}

// By which attributes the pupils of a cell are picked.
enum class Cut { kNone, kGroups, kOneGroup, kOneOthers, kPriors };

Cut CutOf(const FrameQuery& query) {
  if (HasAxis(query, Axis::kGroup)) return Cut::kGroups;
  if (query.filter.with_groups != 0) return Cut::kOneGroup;
  if (query.filter.without_groups != 0) return Cut::kOneOthers;
  if (HasAxis(query, Axis::kPrior) || query.filter.priors != 0xF) return Cut::kPriors;
  return Cut::kNone;
}

// Whether a leaf with this attribute is a part of a cell.
bool Wanted(const FrameQuery& query, Cut cut, Attribute attribute) {
  using Kind = Attribute::Kind;
  switch (cut) {
    case Cut::kNone:
      return attribute.kind == Kind::kNone;
    case Cut::kGroups:
      return attribute.kind == Kind::kGroup || attribute.kind == Kind::kOthers;
    case Cut::kOneGroup:
      return attribute.kind == Kind::kGroup && query.filter.with_groups == 1 << attribute.number;
    case Cut::kOneOthers:
      return attribute.kind == Kind::kOthers && query.filter.without_groups == 1 << attribute.number;
    case Cut::kPriors:
      return attribute.kind == Kind::kPrior && (query.filter.priors >> attribute.number & 1) != 0;
  }
  return false;
}

// A sum of the family, by school and year group or -1.
struct Part {
  int school;
  int year;
  Attribute attribute;
  friend bool operator<(const Part& a, const Part& b) {
    const auto key = [](const Part& part) {
      return std::tuple(part.school, part.year, part.attribute.kind, part.attribute.number);
    };
    return key(a) < key(b);
  }
};

class Reader {
 public:
  Reader(const FrameQuery& query, int threshold)
      : query_(query),
        cut_(CutOf(query)),
        threshold_(threshold),
        by_school_(query.filter.schools.limited() || !query.filter.reach.empty() || HasAxis(query, Axis::kSchool) ||
                   HasAxis(query, Axis::kPhase)),
        by_year_(query.filter.years != ~0u || HasAxis(query, Axis::kYear)) {}

  void Add(std::uint16_t window, std::uint16_t subject, const DisclosedColumn& column) {
    // Each part is looked up once for each cell that it is in.
    std::map<CellKey, std::set<Part>> parts, group_parts, others_parts;
    for (const LeafSum& leaf : column.leaves) {
      if (!SchoolIn(leaf.school) || (query_.filter.years >> leaf.year & 1) == 0) continue;
      const CellKey key = KeyOf(window, subject, leaf);
      const Part part{by_school_ ? leaf.school : kAnySchool, by_year_ ? leaf.year : kAnyYear, leaf.attribute};
      if (Wanted(query_, cut_, leaf.attribute)) {
        cells_[key].sums.all.Add(leaf.sum);
        parts[key].insert(part);
      }
      if (query_.gap_group >= 0 && leaf.attribute.number == query_.gap_group) {
        if (leaf.attribute.kind == Attribute::Kind::kGroup) {
          cells_[key].sums.gap_group.Add(leaf.sum);
          group_parts[key].insert(part);
        } else if (leaf.attribute.kind == Attribute::Kind::kOthers) {
          cells_[key].sums.gap_others.Add(leaf.sum);
          others_parts[key].insert(part);
        }
      }
    }
    const auto check = [&](const std::map<CellKey, std::set<Part>>& all, bool FigureCell::*shown) {
      for (const auto& [key, set] : all) {
        bool& may = cells_[key].*shown;
        for (const Part& part : set) may = may && column.disclosure.MayShow(part.school, part.year, part.attribute);
      }
    };
    check(parts, &FigureCell::shown);
    check(group_parts, &FigureCell::gap_group_shown);
    check(others_parts, &FigureCell::gap_others_shown);
  }

  std::vector<FigureCell> Take() {
    std::vector<FigureCell> result;
    for (auto& [key, cell] : cells_) {
      cell.sums.key = key;
      const auto enough = [&](const CellSum& sum) {
        return sum.count >= threshold_;
      };
      cell.shown = cell.shown && enough(cell.sums.all);
      cell.gap_group_shown = cell.gap_group_shown && enough(cell.sums.gap_group);
      cell.gap_others_shown = cell.gap_others_shown && enough(cell.sums.gap_others);
      result.push_back(cell);
    }
    return result;
  }

 private:
  bool SchoolIn(std::uint16_t school) const {
    if (!query_.filter.schools.Has(school)) return false;
    const auto& reach = query_.filter.reach;
    return reach.empty() || std::any_of(reach.begin(), reach.end(), [&](const FrameReach& one) { return one.schools.Has(school); });
  }

  CellKey KeyOf(std::uint16_t window, std::uint16_t subject, const LeafSum& leaf) const {
    CellKey key{};
    for (std::size_t i = 0; i < query_.axes.size(); ++i) {
      switch (query_.axes[i]) {
        case Axis::kSchool:
          key[i] = leaf.school;
          break;
        case Axis::kPhase:
          key[i] = leaf.school < query_.phase_of_school.size() ? query_.phase_of_school[leaf.school] : 0;
          break;
        case Axis::kYear:
          key[i] = leaf.year;
          break;
        case Axis::kSubject:
          key[i] = subject;
          break;
        case Axis::kWindow:
          key[i] = window;
          break;
        case Axis::kGroup:
          key[i] = 2u * leaf.attribute.number + (leaf.attribute.kind == Attribute::Kind::kOthers ? 1 : 0);
          break;
        case Axis::kPrior:
          key[i] = leaf.attribute.number;
          break;
        case Axis::kClass:
          break;
      }
    }
    return key;
  }

  const FrameQuery& query_;
  const Cut cut_;
  const int threshold_;
  const bool by_school_, by_year_;
  std::map<CellKey, FigureCell> cells_;
};

}  // namespace

bool OnlyFigures(const FrameQuery& query) {
  const FrameFilter& filter = query.filter;
  if (filter.classes.limited() || HasAxis(query, Axis::kClass)) return false;
  if (std::any_of(filter.reach.begin(), filter.reach.end(), [](const FrameReach& reach) { return reach.limited; })) return false;
  const int groups = std::popcount(filter.with_groups) + std::popcount(filter.without_groups) +
                     (HasAxis(query, Axis::kGroup) ? 1 : 0) + (query.gap_group >= 0 ? 1 : 0);
  const int priors = HasAxis(query, Axis::kPrior) || filter.priors != 0xF ? 1 : 0;
  return groups + priors <= 1;
}

std::vector<FigureCell> Figures(const Frame& frame, const FrameQuery& query, int threshold, DisclosureCache& cache) {
  Reader reader(query, threshold);
  for (const auto& window : frame.windows()) {
    if (!query.filter.windows.Has(window->number)) continue;
    std::set<std::uint16_t> subjects;
    for (const auto& block : window->blocks) {
      if (query.filter.subjects.Has(block->key().subject)) subjects.insert(block->key().subject);
    }
    for (const std::uint16_t subject : subjects)
      reader.Add(window->number, subject, *cache.Get(*window, subject, query.tally, threshold));
  }
  return reader.Take();
}

}  // namespace fivestrand::assessment::domain
