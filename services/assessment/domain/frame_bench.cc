// The frame at the size of a large trust over ten years: 60,000 pupils, 12 subjects, 18 windows.
#include <benchmark/benchmark.h>

#include "services/assessment/domain/crew.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"
#include "services/assessment/domain/frame_scan.h"
#include "services/assessment/domain/frame_synthetic.h"

namespace fivestrand::assessment::domain {
namespace {

const Frame& Large() {
  static const Frame& frame = *new Frame(SyntheticFrame({}));
  return frame;
}

Crew& Helpers() {
  static Crew& crew = *new Crew;
  return crew;
}

// Count and mean by school and subject, for each group and its others.
FrameQuery Asked(Tally tally) {
  FrameQuery query;
  query.axes = {Axis::kSchool, Axis::kSubject, Axis::kGroup};
  query.tally = tally;
  return query;
}

void AllWindows(benchmark::State& state) {
  const FrameQuery query = Asked(static_cast<Tally>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Scan(Large(), query, Helpers()).cells.data());
  state.counters["results"] = static_cast<double>(Large().rows());
  state.counters["bytes/result"] = static_cast<double>(Large().bytes()) / static_cast<double>(Large().rows());
}
BENCHMARK(AllWindows)
    ->Arg(static_cast<int>(Tally::kExpected))
    ->Arg(static_cast<int>(Tally::kScore))
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void OneWindow(benchmark::State& state) {
  FrameQuery query = Asked(static_cast<Tally>(state.range(0)));
  query.filter.windows.Add(9);
  for (auto _ : state) benchmark::DoNotOptimize(Scan(Large(), query, Helpers()).cells.data());
}
BENCHMARK(OneWindow)
    ->Arg(static_cast<int>(Tally::kExpected))
    ->Arg(static_cast<int>(Tally::kScore))
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void ByYearAndGroup(benchmark::State& state) {
  FrameQuery query = Asked(Tally::kScore);
  query.axes = {Axis::kYear, Axis::kSubject, Axis::kGroup};
  for (auto _ : state) benchmark::DoNotOptimize(Scan(Large(), query, Helpers()).cells.data());
}
BENCHMARK(ByYearAndGroup)->Unit(benchmark::kMillisecond)->UseRealTime();

void ByClass(benchmark::State& state) {
  FrameQuery query;
  query.axes = {Axis::kClass, Axis::kSubject};
  for (auto _ : state) benchmark::DoNotOptimize(Scan(Large(), query, Helpers()).cells.data());
}
BENCHMARK(ByClass)->Unit(benchmark::kMillisecond)->UseRealTime();

void BuildWindow(benchmark::State& state) {
  const std::vector<FrameRow> rows = SyntheticWindow({}, 1);
  for (auto _ : state) benchmark::DoNotOptimize(MakeWindow(1, rows));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
}
BENCHMARK(BuildWindow)->Unit(benchmark::kMillisecond);

// A grid of thirty cells.
void PutClass(benchmark::State& state) {
  std::vector<FrameChange> changes;
  for (const FrameRow& row : SyntheticWindow({}, 9)) {
    if (row.school == 7 && row.subject == 3 && row.year == 8 && changes.size() < 30) changes.push_back({row});
  }
  for (auto _ : state) benchmark::DoNotOptimize(Large().With(changes));
}
BENCHMARK(PutClass)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fivestrand::assessment::domain
