#include "platform/evidence/suppress.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivestrand::evidence {
namespace {

using testing::Each;

// x hidden, . shown: the cells row by row with the row's total after a bar, and the column totals last.
std::string Picture(const std::vector<std::int64_t>& counts, std::size_t columns, int threshold = kDefaultThreshold) {
  const Suppressed suppressed = Suppress(counts, columns, threshold);
  const auto mark = [](bool hidden) {
    return hidden ? 'x' : '.';
  };
  std::string picture;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    picture += mark(suppressed.cells[i]);
    if (i % columns == columns - 1) picture += std::string("|") + mark(suppressed.row_totals[i / columns]) + "\n";
  }
  for (const bool hidden : suppressed.column_totals) picture += mark(hidden);
  return picture + "|" + mark(suppressed.total);
}

TEST(Suppress, ShowsWhatIsLargeOrZero) {
  EXPECT_EQ(Picture({10, 6, 0, 20}, 2), "..|.\n..|.\n..|.");
  EXPECT_EQ(Picture({}, 3), "...|.");
}

TEST(Suppress, HidesTheNextSmallestInRowAndColumn) {
  EXPECT_EQ(Picture({2, 10, 30,    //
                     20, 40, 50,   //
                     60, 70, 80},  //
                    3),
            "xx.|.\nxx.|.\n...|.\n...|.");
}

TEST(Suppress, OneRow) {
  EXPECT_EQ(Picture({3, 8, 9}, 3), "xx.|.\nxx.|.");
  // Nothing else to hide beside it: its total goes too.
  EXPECT_EQ(Picture({3, 0, 0}, 3), "x..|x\nx..|x");
}

TEST(Suppress, TwoSmallOnesMustNotAddUpToASmallOne) {
  // 1 and 1 are known from a sum of 2, as neither is 0.
  EXPECT_EQ(Picture({1, 1, 9, 30}, 4), "xxx.|.\nxxx.|.");
  EXPECT_EQ(Picture({3, 4, 9, 30}, 4), "xx..|.\nxx..|.");
}

TEST(Suppress, TakesTheTrustsThresholdButNeverUnderThree) {
  EXPECT_EQ(Picture({4, 30, 40}, 3, 4), "...|.\n...|.");
  EXPECT_EQ(Picture({2, 30, 40}, 3, 1), "xx.|.\nxx.|.");
  EXPECT_EQ(Picture({9, 30, 40}, 3, 10), "xx.|.\nxx.|.");
  EXPECT_FALSE(MayShow(5));
  EXPECT_TRUE(MayShow(6));
  EXPECT_TRUE(MayShow(0));
  EXPECT_FALSE(MayShow(2, 0));
  EXPECT_TRUE(MayShow(3, 0));
  EXPECT_EQ(EffectiveThreshold(-5), 3);
  EXPECT_EQ(EffectiveThreshold(10), 10);
}

TEST(Suppress, HidesAllOfWhatIsNoTable) {
  for (const auto& [counts, columns] :
       {std::pair(std::vector<std::int64_t>(5, 10), std::size_t{2}), std::pair(std::vector<std::int64_t>(5, 10), std::size_t{0}),
        std::pair(std::vector<std::int64_t>(kMaxTable + 1, 10), std::size_t{1})}) {
    const Suppressed suppressed = Suppress(counts, columns);
    EXPECT_THAT(suppressed.cells, Each(true));
    EXPECT_EQ(suppressed.cells.size(), counts.size());
    EXPECT_TRUE(suppressed.total);
  }
}

// The table with its margins, as whoever attacks it sees it.
struct Margins {
  Margins(const std::vector<std::int64_t>& counts, std::size_t columns, const Suppressed& suppressed)
      : rows(counts.size() / columns + 1), columns(columns + 1), value(rows * this->columns), hidden(value.size()) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const std::size_t row = i / columns, column = i % columns;
      for (const std::size_t at :
           {row * this->columns + column, row * this->columns + columns, (rows - 1) * this->columns + column, value.size() - 1}) {
        value[at] += counts[i];
      }
      hidden[row * this->columns + column] = suppressed.cells[i];
    }
    for (std::size_t row = 0; row + 1 < rows; ++row) hidden[row * this->columns + columns] = suppressed.row_totals[row];
    for (std::size_t column = 0; column < columns; ++column)
      hidden[(rows - 1) * this->columns + column] = suppressed.column_totals[column];
    hidden.back() = suppressed.total;
  }

  // The lines that add up, over the hidden entries only, in reduced echelon form: a row with a single entry gives it away.
  std::vector<std::size_t> GivenAway() const {
    std::vector<std::size_t> unknown;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (hidden[i]) unknown.push_back(i);
    }
    std::vector<std::vector<double>> lines;
    for (std::size_t row = 0; row < rows; ++row) {
      lines.emplace_back();
      for (const std::size_t i : unknown) lines.back().push_back(i / columns != row ? 0 : i % columns == columns - 1 ? -1 : 1);
    }
    for (std::size_t column = 0; column < columns; ++column) {
      lines.emplace_back();
      for (const std::size_t i : unknown) lines.back().push_back(i % columns != column ? 0 : i / columns == rows - 1 ? -1 : 1);
    }
    std::size_t rank = 0;
    for (std::size_t column = 0; column < unknown.size() && rank < lines.size(); ++column) {
      const auto larger = [&](const auto& a, const auto& b) {
        return std::abs(a[column]) < std::abs(b[column]);
      };
      std::iter_swap(lines.begin() + static_cast<std::ptrdiff_t>(rank),
                     std::max_element(lines.begin() + static_cast<std::ptrdiff_t>(rank), lines.end(), larger));
      if (std::abs(lines[rank][column]) < 1e-9) continue;
      const double pivot = lines[rank][column];
      for (double& entry : lines[rank]) entry /= pivot;
      for (std::size_t other = 0; other < lines.size(); ++other) {
        const double factor = lines[other][column];
        if (other == rank || std::abs(factor) < 1e-9) continue;
        for (std::size_t i = 0; i < unknown.size(); ++i) lines[other][i] -= factor * lines[rank][i];
      }
      ++rank;
    }
    std::vector<std::size_t> given;
    for (const std::vector<double>& line : lines) {
      const auto entry = [](double value) {
        return std::abs(value) > 1e-9;
      };
      if (std::count_if(line.begin(), line.end(), entry) == 1)
        given.push_back(unknown[static_cast<std::size_t>(std::find_if(line.begin(), line.end(), entry) - line.begin())]);
    }
    return given;
  }

  std::size_t rows, columns;
  std::vector<std::int64_t> value;
  std::vector<bool> hidden;
};

TEST(Suppress, GivesNothingBackByAnySubtraction) {
  std::mt19937 random(3);
  int hidden_tables = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::size_t rows = 1 + random() % 6, columns = 1 + random() % 6;
    const int threshold = 3 + static_cast<int>(random() % 6);
    std::vector<std::int64_t> counts(rows * columns);
    const unsigned most = i % 3 == 0 ? 12 : 60;
    for (std::int64_t& count : counts) count = random() % 4 == 0 ? 0 : random() % most;
    const Suppressed suppressed = Suppress(counts, columns, threshold);
    const Margins table(counts, columns, suppressed);
    for (std::size_t at = 0; at < table.value.size(); ++at) {
      if (table.value[at] > 0 && table.value[at] < threshold) {
        ASSERT_TRUE(table.hidden[at]) << "table " << i;
      }
    }
    ASSERT_THAT(table.GivenAway(), testing::IsEmpty()) << "table " << i;
    for (std::size_t row = 0; row + 1 < table.rows; ++row) {
      std::int64_t sum = 0;
      for (std::size_t column = 0; column + 1 < table.columns; ++column)
        sum += table.hidden[row * table.columns + column] ? table.value[row * table.columns + column] : 0;
      ASSERT_TRUE(sum == 0 || sum >= threshold || suppressed.row_totals[row]) << "table " << i;
    }
    hidden_tables += std::count(table.hidden.begin(), table.hidden.end(), true) > 0;
    ASSERT_EQ(Suppress(counts, columns, threshold).cells, suppressed.cells);
  }
  EXPECT_GT(hidden_tables, 1000);
}

}  // namespace
}  // namespace fivestrand::evidence
