// What it costs to lay a calendar and to judge a year of a commitment.
#include <vector>

#include "benchmark/benchmark.h"
#include "platform/calendar/adherence.h"
#include "platform/calendar/test_calendars.h"

namespace fivestrand::calendar {
namespace {

void BuildTwoYears(benchmark::State& state) {
  const BankHolidays holidays = BankHolidays::ByRule(2024, 2028);
  for (auto _ : state) benchmark::DoNotOptimize(SchoolCalendar::Build({{Year2025(), Year2026()}, holidays}));
}
BENCHMARK(BuildTwoYears);

// One year, a meeting on nine school days of ten, some days two.
void EvaluateYear(benchmark::State& state) {
  const Cadence cadence = static_cast<Cadence>(state.range(0));
  const SchoolCalendar school = BuildOrDie({Year2025()});
  std::vector<absl::CivilDay> held;
  int i = 0;
  for (const Period& day : Periods(Cadence::kDaily, school)) {
    if (++i % 10 != 0) held.push_back(day.start);
    if (i % 7 == 0) held.push_back(day.start);
  }
  for (auto _ : state) benchmark::DoNotOptimize(Summarise(Evaluate(cadence, school, held, D("2026-08-31"))));
  state.SetLabel(std::string(CadenceName(cadence)));
}
BENCHMARK(EvaluateYear)->DenseRange(0, static_cast<int>(Cadence::kWithin12Months));

}  // namespace
}  // namespace fivestrand::calendar

BENCHMARK_MAIN();
