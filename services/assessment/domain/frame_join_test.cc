// The same pupils in two windows, against plain SQL; and the comparison with similar pupils.
#include "services/assessment/domain/frame_join.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "services/assessment/domain/crew.h"
#include "services/assessment/domain/test_frame_sql.h"

namespace fivestrand::assessment::domain {
namespace {

TEST(FrameJoin, ChangesFromABaselineAsPlainSqlDoes) {
  const std::vector<FrameRow> rows = SmallRows();
  const Frame frame = FrameOf(rows);
  Sql sql;
  sql.Fill(rows);
  Crew crew(1);
  for (const Tally tally : {Tally::kExpected, Tally::kScore}) {
    FrameQuery query;
    query.tally = tally;
    query.axes = {Axis::kSchool, Axis::kSubject};
    query.filter.windows.Add(4);
    const std::string counts = tally == Tally::kScore ? "scored" : "counts", what = tally == Tally::kScore ? "score" : "expected";
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::array<std::int64_t, 3>> wanted, got;
    for (const auto& row :
         sql.Query("SELECT a.school, a.subject, COUNT(*), SUM(a." + what + "), SUM(b." + what +
                   ") FROM r a JOIN r b ON b.win = 2 AND b.pupil = a.pupil AND b.subject = a.subject AND b.scale = "
                   "a.scale WHERE a.win = 4 AND a." +
                   counts + " = 1 AND b." + counts + " = 1 GROUP BY a.school, a.subject"))
      wanted[{static_cast<std::uint32_t>(row[0]), static_cast<std::uint32_t>(row[1])}] = {row[2], row[3], row[4]};
    for (const JoinCell& cell : Join(frame, query, 2, true, crew)) {
      const bool score = tally == Tally::kScore;
      got[{cell.key[0], cell.key[1]}] = {cell.now.count, score ? cell.now.score : cell.now.reached,
                                         score ? cell.then.score : cell.then.reached};
    }
    EXPECT_EQ(got, wanted);
  }
}

TEST(FrameJoin, TransitionsAsPlainSqlDoes) {
  const std::vector<FrameRow> rows = SmallRows();
  const Frame frame = FrameOf(rows);
  Sql sql;
  sql.Fill(rows);
  Crew crew(1);
  FrameQuery query;
  query.filter.windows.Add(3);
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, std::int64_t> wanted, got;
  for (const auto& row :
       sql.Query("SELECT a.scale, b.outcome, a.outcome, COUNT(*) FROM r a JOIN r b ON b.win = 1 AND b.pupil = a.pupil AND "
                 "b.subject = a.subject AND b.scale = a.scale WHERE a.win = 3 AND a.outcome > 0 AND b.outcome > 0 GROUP BY "
                 "1, 2, 3"))
    wanted[{row[0], row[1], row[2]}] = row[3];
  for (const JoinCell& cell : Join(frame, query, 1, true, crew)) {
    for (const auto& [move, count] : cell.transitions) got[{move.scale, move.from, move.to}] += count;
  }
  EXPECT_EQ(got, wanted);
}

// Thirty who gain six more than others of the same band.
TEST(Comparison, IsTheDifferenceOfDifferences) {
  std::vector<FrameRow> rows;
  for (std::uint32_t pupil = 1; pupil <= 200; ++pupil) {
    for (std::uint16_t window : {1, 2}) {
      FrameRow row;
      row.pupil = pupil;
      row.window = window;
      row.school = row.subject = row.scale = 1;
      row.year = static_cast<std::uint8_t>(pupil % 2 == 0 ? 7 : 8);
      row.marks = static_cast<std::uint8_t>(kCounts | kScored | (1 + pupil % 3) << kMarkBits);
      const int gain = (pupil <= 30 ? 8 : 2) + (pupil % 2 == 0 ? 1 : 0);
      row.score =
          1000 * (90 + static_cast<std::int32_t>(pupil % 7) + (window == 2 ? gain + static_cast<std::int32_t>(pupil % 5) - 2 : 0));
      rows.push_back(row);
    }
  }
  CompareQuery query{.subject = 1, .baseline = 1, .window = 2};
  query.scored = {false, true};
  query.pupils.Limit();
  for (std::uint32_t pupil = 1; pupil <= 30; ++pupil) query.pupils.Add(pupil);
  const Comparison comparison = Compare(FrameOf(rows), query);
  ASSERT_FALSE(comparison.too_few);
  EXPECT_EQ(comparison.pupils, 30);
  EXPECT_EQ(comparison.similar, 170);
  EXPECT_NEAR(comparison.difference, 6, 0.4);
  EXPECT_LT(comparison.half_interval, 1);
  EXPECT_GT(comparison.half_interval, 0.1);

  query.pupils = {};
  query.pupils.Limit();
  for (std::uint32_t pupil = 1; pupil < 20; ++pupil) query.pupils.Add(pupil);
  EXPECT_TRUE(Compare(FrameOf(rows), query).too_few);
}

TEST(Crew, DoesEveryTaskOnce) {
  Crew crew(3);
  for (int round = 0; round < 200; ++round) {
    std::array<std::atomic<int>, 50> done{};
    crew.Run(50, [&](int task, int worker) {
      EXPECT_LT(worker, crew.width());
      ++done[static_cast<std::size_t>(task)];
    });
    for (const auto& count : done) ASSERT_EQ(count, 1);
  }
}

}  // namespace
}  // namespace fivestrand::assessment::domain
