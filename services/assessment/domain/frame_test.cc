// The frame against plain SQL over the same rows, on random data and random questions: exactly equal.
#include "services/assessment/domain/frame.h"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "services/assessment/domain/crew.h"
#include "services/assessment/domain/figures.h"
#include "services/assessment/domain/frame_query.h"
#include "services/assessment/domain/frame_scan.h"
#include "services/assessment/domain/frame_synthetic.h"
#include "services/assessment/domain/test_frame_sql.h"

namespace fivestrand::assessment::domain {
namespace {

std::string ColumnOf(Axis axis) {
  switch (axis) {
    case Axis::kSchool:
      return "school";
    case Axis::kPhase:
      return "(school % 2)";
    case Axis::kYear:
      return "year";
    case Axis::kClass:
      return "class";
    case Axis::kSubject:
      return "subject";
    case Axis::kWindow:
      return "win";
    case Axis::kGroup:
      return "g";
    case Axis::kPrior:
      return "prior";
  }
  return "";
}

template <typename Add>
void PickSome(std::mt19937& random, int from, int to, Add add) {
  if (random() % 3 != 0) return;
  for (int number = from; number <= to; ++number) {
    if (random() % 2 == 0) add(number);
  }
}

// A question, and the condition that says the same.
struct Question {
  FrameQuery query;
  std::string where = "1";
};

std::string In(const std::string& column, const std::vector<int>& numbers) {
  std::string text = " AND " + column + " IN (-1";
  for (const int number : numbers) text += "," + std::to_string(number);
  return text + ")";
}

void Limit(std::mt19937& random, const std::string& column, int to, NumberSet* set, std::string* where) {
  if (random() % 3 != 0) return;
  std::vector<int> numbers;
  set->Limit();
  for (int number = 1; number <= to; ++number) {
    if (random() % 2 == 0) continue;
    set->Add(static_cast<std::uint32_t>(number));
    numbers.push_back(number);
  }
  *where += In(column, numbers);
}

void AddReach(std::mt19937& random, Question* question) {
  if (random() % 3 != 0) return;
  std::string any = "0";
  for (unsigned i = 0; i < 1 + random() % 2; ++i) {
    FrameReach reach;
    std::string where = "1", within = "0";
    Limit(random, "school", kSmall.schools, &reach.schools, &where);
    reach.limited = random() % 2 == 0;
    if (reach.limited) {
      if (random() % 2 == 0) {
        reach.subjects.Add(2);
        within += " OR subject = 2";
      }
      if (random() % 2 == 0) {
        reach.years = 1u << 5;
        within += " OR year = 5";
      }
      if (random() % 2 == 0) {
        reach.classes.Add(1 + 16 * 2 + 6);
        within += " OR class = 39";
      }
      where += " AND (" + within + ")";
    }
    any += " OR (" + where + ")";
    question->query.filter.reach.push_back(reach);
  }
  question->where += " AND (" + any + ")";
}

Question Ask(std::mt19937& random) {
  Question question;
  FrameFilter& filter = question.query.filter;
  std::string& where = question.where;
  Limit(random, "school", kSmall.schools, &filter.schools, &where);
  Limit(random, "subject", kSmall.subjects, &filter.subjects, &where);
  Limit(random, "win", kSmall.windows, &filter.windows, &where);
  Limit(random, "class", 90, &filter.classes, &where);
  if (random() % 3 == 0) {
    filter.years = 0b0110110000;
    where += " AND year IN (4, 5, 7, 8)";
  }
  if (random() % 4 == 0) {
    filter.priors = 0b0101;
    where += " AND prior IN (0, 2)";
  }
  if (random() % 4 == 0) {
    filter.with_groups = 1;
    where += " AND groups & 1 = 1";
  }
  if (random() % 4 == 0) {
    filter.without_groups = 2;
    where += " AND groups & 2 = 0";
  }
  AddReach(random, &question);
  const auto axes = random() % 4;
  while (question.query.axes.size() < axes) {
    const auto axis = static_cast<Axis>(random() % 8);
    if (std::find(question.query.axes.begin(), question.query.axes.end(), axis) == question.query.axes.end())
      question.query.axes.push_back(axis);
  }
  question.query.tally = static_cast<Tally>(random() % 3);
  const bool by_group =
      std::find(question.query.axes.begin(), question.query.axes.end(), Axis::kGroup) != question.query.axes.end();
  if (!by_group && random() % 3 == 0) question.query.gap_group = static_cast<int>(random() % kGroups);
  for (int school = 0; school <= kSmall.schools; ++school)
    question.query.phase_of_school.push_back(static_cast<std::uint8_t>(school % 2));
  return question;
}

struct Sums {
  std::int64_t count = 0, reached = 0, score = 0;
  friend bool operator==(const Sums&, const Sums&) = default;
  friend void PrintTo(const Sums& sums, std::ostream* out) { *out << sums.count << " " << sums.reached << " " << sums.score; }
};

using Cells = std::map<CellKey, Sums>;

std::string Columns(const Question& question) {
  std::string text;
  for (const Axis axis : question.query.axes) text += ColumnOf(axis) + ", ";
  return text;
}

std::string Of(Tally tally, const char* what) {
  const std::string expected = "SUM(expected)", higher = "SUM(higher)";
  if (std::string(what) == "counts") return tally == Tally::kScore ? "scored = 1" : "counts = 1";
  return tally == Tally::kExpected ? expected : tally == Tally::kHigher ? higher : "0";
}

Cells BySql(Sql& sql, const Question& question, const std::string& more = "") {
  const FrameQuery& query = question.query;
  const bool by_group = std::find(query.axes.begin(), query.axes.end(), Axis::kGroup) != query.axes.end();
  const std::string groups =
      by_group ? ", (SELECT 0 AS bit UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4)" : std::string();
  std::string select = Columns(question);
  const std::string g = "(2 * bit + 1 - (groups >> bit & 1))";
  if (by_group) select.replace(select.find("g, "), 3, g + ", ");
  std::string text = "SELECT " + select + "COUNT(*), " + Of(query.tally, "reached") + ", SUM(score) FROM r" + groups + " WHERE " +
                     question.where + " AND " + Of(query.tally, "counts") + more;
  if (!query.axes.empty()) text += " GROUP BY " + select.substr(0, select.size() - 2);
  Cells cells;
  for (const std::vector<std::int64_t>& row : sql.Query(text)) {
    CellKey key{};
    for (std::size_t i = 0; i < query.axes.size(); ++i) key[i] = static_cast<std::uint32_t>(row[i]);
    const std::size_t at = query.axes.size();
    if (row[at] != 0) cells[key] = {row[at], row[at + 1], query.tally == Tally::kScore ? row[at + 2] : 0};
  }
  return cells;
}

Sums Of(const CellSum& sum, Tally tally) {
  return {sum.count, sum.reached, tally == Tally::kScore ? sum.score : 0};
}

TEST(Frame, AnswersAsPlainSqlDoes) {
  const std::vector<FrameRow> rows = SmallRows();
  const Frame frame = FrameOf(rows);
  ASSERT_EQ(frame.rows(), rows.size());
  Sql sql;
  sql.Fill(rows);
  Crew crew(1);
  std::mt19937 random(5);
  int cells = 0;
  for (int round = 0; round < 400; ++round) {
    const Question question = Ask(random);
    const ScanResult result = Scan(frame, question.query, crew);
    Cells all, group, others;
    for (const CellSums& cell : result.cells) {
      all[cell.key] = Of(cell.all, question.query.tally);
      if (cell.gap_group.count != 0) group[cell.key] = Of(cell.gap_group, question.query.tally);
      if (cell.gap_others.count != 0) others[cell.key] = Of(cell.gap_others, question.query.tally);
    }
    ASSERT_EQ(all, BySql(sql, question)) << question.where << " by " << Columns(question);
    if (question.query.gap_group >= 0) {
      const std::string bit = std::to_string(1 << question.query.gap_group);
      ASSERT_EQ(group, BySql(sql, question, " AND groups & " + bit + " <> 0")) << question.where;
      ASSERT_EQ(others, BySql(sql, question, " AND groups & " + bit + " = 0")) << question.where;
    }
    cells += static_cast<int>(all.size());
  }
  EXPECT_GT(cells, 2000);
}

TEST(Frame, SaysWhereScalesAreMixed) {
  const Frame frame = FrameOf(SmallRows());
  Crew crew(0);
  FrameQuery query;
  query.tally = Tally::kScore;
  EXPECT_TRUE(Scan(frame, query, crew).cells.front().all.mixed_scales);
  const Frame one = SyntheticFrame({.pupils = 50, .schools = 1, .subjects = 1, .windows = 1});
  EXPECT_FALSE(Scan(one, query, crew).cells.front().all.mixed_scales);
}

// What is put in, moved and taken away one by one gives the frame that everything at once gives.
TEST(Frame, ChangesAddUp) {
  std::vector<FrameRow> rows = SmallRows();
  Frame frame = FrameOf(rows);
  const Frame before = frame;
  std::mt19937 random(9);
  for (int round = 0; round < 60; ++round) {
    std::vector<FrameChange> changes;
    for (int i = 0; i < 20; ++i) {
      const std::size_t at = random() % rows.size();
      FrameRow& row = rows[at];
      if (random() % 4 == 0) {
        changes.push_back({row, true});
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
        continue;
      }
      if (random() % 3 == 0) row.school = static_cast<std::uint16_t>(1 + random() % 5);
      row.score = static_cast<std::int32_t>(random() % 5 == 0 ? 40'000'001 : 90'000);
      row.groups = static_cast<std::uint8_t>(random() % kGroupSets);
      row.school_class = static_cast<std::uint32_t>(random() % 300);
      changes.push_back({row});
    }
    frame = frame.With(changes);
  }
  const Frame anew = FrameOf(rows);
  ASSERT_EQ(frame.windows().size(), anew.windows().size());
  for (std::size_t w = 0; w < anew.windows().size(); ++w) {
    const FrameWindow &a = *frame.windows()[w], &b = *anew.windows()[w];
    ASSERT_EQ(a.blocks.size(), b.blocks.size());
    EXPECT_EQ(a.rows, b.rows);
    for (std::size_t i = 0; i < a.blocks.size(); ++i) {
      ASSERT_EQ(a.blocks[i]->key(), b.blocks[i]->key());
      ASSERT_EQ(a.blocks[i]->size(), b.blocks[i]->size());
      for (std::size_t row = 0; row < a.blocks[i]->size(); ++row)
        ASSERT_EQ(a.blocks[i]->RowAt(row, a.number), b.blocks[i]->RowAt(row, b.number));
    }
  }
  // A reader who began earlier sees what was there then.
  EXPECT_EQ(before.rows(), SmallRows().size());
}

TEST(Frame, ReplacesAColumn) {
  const std::vector<FrameRow> rows = SmallRows();
  std::vector<FrameRow> column, kept;
  for (const FrameRow& row : rows) {
    if (row.window == 2 && row.subject == 3 && row.scale == 1) {
      if (row.pupil % 2 == 0) column.push_back(row);
    } else {
      kept.push_back(row);
    }
  }
  const Frame frame = FrameOf(rows).WithColumn(2, 3, 1, column);
  kept.insert(kept.end(), column.begin(), column.end());
  const Frame anew = FrameOf(kept);
  Crew crew(0);
  FrameQuery query;
  query.axes = {Axis::kSchool, Axis::kSubject, Axis::kWindow};
  const ScanResult a = Scan(frame, query, crew), b = Scan(anew, query, crew);
  ASSERT_EQ(a.cells.size(), b.cells.size());
  for (std::size_t i = 0; i < a.cells.size(); ++i) EXPECT_EQ(a.cells[i].all.count, b.cells[i].all.count);
  EXPECT_EQ(frame.rows(), anew.rows());
}

TEST(Frame, IsSmall) {
  const Frame frame = SyntheticFrame({.pupils = 6000, .schools = 6, .windows = 3});
  EXPECT_LT(static_cast<double>(frame.bytes()) / static_cast<double>(frame.rows()), 24);
}

// Figures for those who may not see pupils are those of the scan, as far as they are shown.
TEST(Frame, FiguresAreThoseOfTheScan) {
  const Frame frame = FrameOf(SmallRows());
  Crew crew(0);
  DisclosureCache cache;
  int shown = 0;
  for (const std::vector<Axis>& axes : std::vector<std::vector<Axis>>{{},
                                                                      {Axis::kSchool, Axis::kSubject},
                                                                      {Axis::kYear, Axis::kGroup},
                                                                      {Axis::kSchool, Axis::kWindow, Axis::kPrior},
                                                                      {Axis::kPhase}}) {
    for (const Tally tally : {Tally::kExpected, Tally::kHigher, Tally::kScore}) {
      FrameQuery query;
      query.axes = axes;
      query.tally = tally;
      query.phase_of_school = {0, 1, 0, 1, 0};
      ASSERT_TRUE(OnlyFigures(query));
      std::map<CellKey, Sums> all;
      for (const CellSums& cell : Scan(frame, query, crew).cells) all[cell.key] = Of(cell.all, tally);
      for (const FigureCell& cell : Figures(frame, query, 6, cache)) {
        EXPECT_EQ(Of(cell.sums.all, tally), all[cell.sums.key]);
        if (cell.shown) ++shown;
      }
    }
  }
  EXPECT_GT(shown, 100);
}

TEST(Frame, FiguresAreNotOfClassesNorOfGroupsAcross) {
  FrameQuery query;
  query.axes = {Axis::kClass};
  EXPECT_FALSE(OnlyFigures(query));
  query.axes = {Axis::kGroup, Axis::kPrior};
  EXPECT_FALSE(OnlyFigures(query));
  query.axes = {Axis::kGroup};
  query.filter.with_groups = 2;
  EXPECT_FALSE(OnlyFigures(query));
  query.axes = {};
  query.filter.without_groups = 4;
  EXPECT_FALSE(OnlyFigures(query));
}

}  // namespace
}  // namespace fivestrand::assessment::domain
