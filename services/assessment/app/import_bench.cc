// What an import of a million results costs, step by step, and what a class of 30 costs in the grid.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "services/assessment/app/test_trust.h"

namespace fivestrand::assessment {
namespace {

using Mapping = v1::ColumnMapping;

// 999 numbers of one establishment and year; the year makes the rest.
std::string UpnOf(int number) {
  return TestTrust::Upn(number % 1000, 10 + number / 1000);
}

std::string PupilFile(int pupils) {
  std::string file = "UPN,Surname,Forename,School,Year,DOB,Class\n";
  for (int i = 0; i < pupils; ++i) {
    const bool north = i % 2 == 0;
    absl::StrAppend(&file, UpnOf(i), ",Family", i, ",Given,", north ? "999001" : "999002", ",5,17/01/2017,",
                    north ? (i < 60 ? "5-maple" : "5-oak") : "5-elm", "\n");
  }
  return file;
}

double Seconds(absl::Time since) {
  return absl::ToDoubleSeconds(absl::Now() - since);
}

// Pupils and results of as many subjects as it takes.
void Import(TestTrust& trust, int pupils, int results) {
  const absl::Time began = absl::Now();
  auto made = trust.Import(TestTrust::DataLead(), TestTrust::Header(v1::PUPILS, Mapping::LONG), PupilFile(pupils));
  if (!made.ok() || !made->written()) {
    std::printf("pupils: %s %s\n", made.status().ToString().c_str(),
                made.ok() ? made->ShortDebugString().substr(0, 500).c_str() : "");
    std::exit(1);
  }
  std::printf("%d pupils with enrolment and class: %.2f s, %.0f records/s\n", pupils, Seconds(began),
              made->created_count() / Seconds(began));

  const int subjects = (results + pupils - 1) / pupils;
  trust.AddSubjects(subjects);
  std::string file = "UPN,Subject,Grade\n";
  static constexpr const char* kGrades[] = {"BLW", "WTS", "EXS", "GDS"};
  int count = 0;
  for (int i = 0; i < pupils; ++i) {
    const std::string upn = UpnOf(i);
    for (int s = 0; s < subjects && count < results; ++s, ++count)
      absl::StrAppend(&file, upn, ",s", s, ",", kGrades[(i + s) % 4], "\n");
  }
  v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  for (const char* what : {"a dry run", "first", "again"}) {
    header.set_validate_only(what == std::string("a dry run"));
    const absl::Time start = absl::Now();
    const auto response = trust.Import(TestTrust::DataLead(), header, file);
    if (!response.ok() || response->problem_count() > 0) {
      std::printf("results: %s %s\n", response.status().ToString().c_str(),
                  response.ok() ? response->ShortDebugString().substr(0, 500).c_str() : "");
      std::exit(1);
    }
    std::printf("%d results, %s (%zu MB): %.2f s, %.0f results/s; created %d, unchanged %d\n", count, what, file.size() >> 20,
                Seconds(start), count / Seconds(start), response->created_count(), response->unchanged_count());
  }
}

void Grid(TestTrust& trust, int rounds) {
  std::vector<double> reads, writes;
  const auto grid = trust.ReadGrid(TestTrust::Teacher());
  if (!grid.ok()) std::exit(1);
  std::vector<TestTrust::Cell> cells;
  for (const auto& row : grid->rows())
    cells.push_back({row.pupil().substr(sizeof("trusts/acorn/pupils/") - 1), "", row.cell().revision()});
  for (int round = 0; round < rounds; ++round) {
    for (auto& cell : cells) cell.outcome = round % 2 == 0 ? "EXS" : "WTS";
    absl::Time start = absl::Now();
    const auto written = trust.Write(TestTrust::Teacher(), cells);
    writes.push_back(Seconds(start) * 1000);
    if (!written.ok() || written->written_count() != static_cast<int>(cells.size())) {
      std::printf("grid: %s\n",
                  written.ok() ? written->ShortDebugString().substr(0, 500).c_str() : written.status().ToString().c_str());
      std::exit(1);
    }
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i].expected = written->outcomes(static_cast<int>(i)).current().revision();
    start = absl::Now();
    if (!trust.ReadGrid(TestTrust::Teacher()).ok()) std::exit(1);
    reads.push_back(Seconds(start) * 1000);
  }
  const auto at = [](std::vector<double>& values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  std::printf("grid of %zu pupils: upsert p50 %.2f ms p99 %.2f ms, read p50 %.2f ms p99 %.2f ms\n", cells.size(), at(writes, 0.5),
              at(writes, 0.99), at(reads, 0.5), at(reads, 0.99));
}

}  // namespace
}  // namespace fivestrand::assessment

int main(int argc, char** argv) {
  using namespace fivestrand;  // NOLINT: a program
  const int pupils = argc > 1 ? std::atoi(argv[1]) : 60'000, results = argc > 2 ? std::atoi(argv[2]) : 1'000'000;
  const auto engine =
      std::getenv("FIVESTRAND_BENCH_POSTGRES") != nullptr ? testing::EngineKind::kPostgres : testing::EngineKind::kSqlite;
  assessment::TestTrust trust(engine);
  assessment::Import(trust, pupils, results);
  assessment::Grid(trust, 300);
  return 0;
}
