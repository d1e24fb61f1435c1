// Results made up for tests, and the same results in a table of an SQL engine.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_TEST_FRAME_SQL_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_TEST_FRAME_SQL_H_

#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <sqlite3.h>
#include <string>
#include <utility>
#include <vector>

#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_synthetic.h"

namespace fivestrand::assessment::domain {

inline constexpr SyntheticTrust kSmall{.pupils = 700, .schools = 4, .subjects = 3, .windows = 4, .scales = 2, .seed = 3};

// A table with a column for everything that a row says.
class Sql {
 public:
  Sql() {
    EXPECT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
    Run("CREATE TABLE r (pupil, class, score, win, school, subject, scale, year, groups, prior, counts, expected, higher, scored, "
        "outcome)");
  }
  ~Sql() { sqlite3_close(database_); }

  void Fill(const std::vector<FrameRow>& rows) {
    Run("DELETE FROM r");
    Run("BEGIN");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(database_, "INSERT INTO r VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &insert, nullptr);
    for (const FrameRow& row : rows) {
      const std::int64_t values[] = {row.pupil,     row.school_class,   row.score,          row.window,         row.school,
                                     row.subject,   row.scale,          row.year,           row.groups,         PriorOf(row.marks),
                                     row.marks & 1, row.marks >> 1 & 1, row.marks >> 2 & 1, row.marks >> 3 & 1, row.outcome};
      for (int i = 0; i < 15; ++i) sqlite3_bind_int64(insert, i + 1, values[i]);
      EXPECT_EQ(sqlite3_step(insert), SQLITE_DONE);
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    Run("COMMIT");
  }

  std::vector<std::vector<std::int64_t>> Query(const std::string& sql) {
    std::vector<std::vector<std::int64_t>> rows;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(database_);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      std::vector<std::int64_t>& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement); ++i) row.push_back(sqlite3_column_int64(statement, i));
    }
    sqlite3_finalize(statement);
    return rows;
  }

 private:
  void Run(const char* sql) {
    EXPECT_EQ(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database_);
  }

  sqlite3* database_ = nullptr;
};

inline std::vector<FrameRow> SmallRows() {
  std::vector<FrameRow> rows;
  for (std::uint16_t window = 1; window <= kSmall.windows; ++window) {
    for (FrameRow row : SyntheticWindow(kSmall, window)) {
      // One in eleven in no class; scores of one scale are in halves, so that units differ.
      if (row.pupil % 11 == 0) row.school_class = kNoClass;
      if (row.scale == 2 && row.score != 0) row.score = row.score * 10 + 500;
      rows.push_back(row);
    }
  }
  return rows;
}

inline Frame FrameOf(const std::vector<FrameRow>& rows) {
  std::map<std::uint16_t, std::vector<FrameRow>> windows;
  for (const FrameRow& row : rows) windows[row.window].push_back(row);
  Frame frame;
  for (auto& [window, of_window] : windows) frame = frame.WithWindow(window, std::move(of_window));
  return frame;
}

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_TEST_FRAME_SQL_H_
