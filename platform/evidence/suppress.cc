#include "platform/evidence/suppress.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace fivestrand::evidence {
namespace {

// The table with its totals as a last row and a last column. Every line of it, margins included, is one equation: its cells add up
// to its total. Taking rows and columns as the nodes of a graph and hidden counts as its edges, the equations give a hidden count
// away exactly when its edge is a bridge.
class Table {
 public:
  Table(absl::Span<const std::int64_t> counts, std::size_t columns, int threshold)
      : rows_(counts.size() / columns + 1),
        columns_(columns + 1),
        threshold_(threshold),
        counts_(rows_ * columns_),
        hidden_(counts_.size()) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const std::size_t row = i / columns, column = i % columns;
      const std::int64_t count = std::max<std::int64_t>(counts[i], 0);
      counts_[At(row, column)] = count;
      counts_[At(row, columns)] += count;
      counts_[At(rows_ - 1, column)] += count;
      counts_[At(rows_ - 1, columns)] += count;
    }
  }

  void HideAll() {
    for (std::size_t i = 0; i < counts_.size(); ++i) hidden_[i] = counts_[i] > 0 && counts_[i] < threshold_;
    bool changed = true;
    while (changed) {
      changed = HideTooSmallSums();
      if (const std::optional<std::size_t> bridge = FindBridge(); bridge.has_value()) changed = HideBeside(*bridge) || changed;
    }
  }

  Suppressed Result() const {
    Suppressed result;
    for (std::size_t row = 0; row < rows_; ++row) {
      for (std::size_t column = 0; column < columns_; ++column) {
        const bool hidden = hidden_[At(row, column)];
        const bool last_row = row + 1 == rows_, last_column = column + 1 == columns_;
        if (last_row && last_column) {
          result.total = hidden;
        } else if (last_row) {
          result.column_totals.push_back(hidden);
        } else if (last_column) {
          result.row_totals.push_back(hidden);
        } else {
          result.cells.push_back(hidden);
        }
      }
    }
    return result;
  }

 private:
  using Line = std::vector<std::size_t>;

  std::size_t At(std::size_t row, std::size_t column) const { return row * columns_ + column; }

  Line Row(std::size_t row) const {
    Line line;
    for (std::size_t column = 0; column < columns_; ++column) line.push_back(At(row, column));
    return line;
  }

  Line Column(std::size_t column) const {
    Line line;
    for (std::size_t row = 0; row < rows_; ++row) line.push_back(At(row, column));
    return line;
  }

  // Smallest count in sight of the line, its total last and zeros after that.
  bool HideNext(const Line& line) {
    std::optional<std::size_t> next;
    const auto rank = [&](std::size_t i) {
      return std::tuple(counts_[i] == 0, i == line.back(), counts_[i], i);
    };
    for (const std::size_t i : line) {
      if (!hidden_[i] && (!next.has_value() || rank(i) < rank(*next))) next = i;
    }
    if (next.has_value()) hidden_[*next] = true;
    return next.has_value();
  }

  bool HasMoreThanZeros(const Line& line) const {
    return std::any_of(line.begin(), line.end(), [&](std::size_t i) { return !hidden_[i] && counts_[i] > 0; });
  }

  bool HideBeside(std::size_t bridge) {
    const Line row = Row(bridge / columns_), column = Column(bridge % columns_);
    if (HasMoreThanZeros(row)) return HideNext(row);
    if (HasMoreThanZeros(column)) return HideNext(column);
    return HideNext(row) || HideNext(column);
  }

  bool HideTooSmallSum(const Line& line) {
    if (hidden_[line.back()]) return false;
    std::int64_t sum = 0;
    for (const std::size_t i : line) sum += hidden_[i] ? counts_[i] : 0;
    return sum > 0 && sum < threshold_ && HideNext(line);
  }

  bool HideTooSmallSums() {
    bool changed = false;
    for (std::size_t row = 0; row < rows_; ++row) changed = HideTooSmallSum(Row(row)) || changed;
    for (std::size_t column = 0; column < columns_; ++column) changed = HideTooSmallSum(Column(column)) || changed;
    return changed;
  }

  // Tarjan's: a bridge is an edge that no path goes round. Nodes are rows, then columns.
  struct Search {
    std::vector<int> order, low;
    int next = 0;
    std::optional<std::size_t> bridge;
  };

  void Visit(std::size_t node, std::optional<std::size_t> came_by, Search& search) const {
    search.order[node] = search.low[node] = ++search.next;
    const bool is_row = node < rows_;
    for (const std::size_t edge : is_row ? Row(node) : Column(node - rows_)) {
      if (!hidden_[edge] || edge == came_by || search.bridge.has_value()) continue;
      const std::size_t other = is_row ? rows_ + edge % columns_ : edge / columns_;
      if (search.order[other] == 0) Visit(other, edge, search);
      search.low[node] = std::min(search.low[node], search.low[other]);
      if (search.low[other] > search.order[node] && !search.bridge.has_value()) search.bridge = edge;
    }
  }

  std::optional<std::size_t> FindBridge() const {
    Search search;
    search.order.resize(rows_ + columns_);
    search.low.resize(rows_ + columns_);
    for (std::size_t node = 0; node < rows_ + columns_ && !search.bridge.has_value(); ++node) {
      if (search.order[node] == 0) Visit(node, std::nullopt, search);
    }
    return search.bridge;
  }

  const std::size_t rows_, columns_;
  const std::int64_t threshold_;
  std::vector<std::int64_t> counts_;
  std::vector<bool> hidden_;
};

}  // namespace

int EffectiveThreshold(int configured) {
  return std::max(configured, kLeastThreshold);
}

bool MayShow(std::int64_t n, int threshold) {
  return n == 0 || n >= EffectiveThreshold(threshold);
}

Suppressed Suppress(absl::Span<const std::int64_t> counts, std::size_t columns, int threshold) {
  if (columns == 0 || counts.size() % columns != 0 || counts.size() > kMaxTable) {
    const std::size_t rows = columns == 0 ? 0 : counts.size() / columns;
    return {std::vector<bool>(counts.size(), true), std::vector<bool>(rows, true), std::vector<bool>(columns, true), true};
  }
  Table table(counts, columns, EffectiveThreshold(threshold));
  table.HideAll();
  return table.Result();
}

}  // namespace fivestrand::evidence
