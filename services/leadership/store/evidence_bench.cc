// What a summary of evidence costs: reading the facts of a school or of a whole trust, and computing every measure with its trend.
#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"

#include "platform/calendar/day.h"
#include "platform/calendar/test_calendars.h"
#include "services/leadership/domain/day.h"
#include "services/leadership/domain/measures_readings.h"
#include "services/leadership/store/evidence_source.h"
#include "services/leadership/store/test_records.h"
#include "services/leadership/store/visibility_reader.h"

namespace fivestrand::leadership::store {
namespace {

using calendar::D;

constexpr int kSchools = 60;
constexpr int kClasses = 20;

std::string SchoolId(int number) {
  return "school-" + std::to_string(number);
}

// A year of habits: about 2,000 records in each school.
void AddYearOfRecords(TestRecords& records, int number) {
  const std::string school = SchoolId(number);
  records.AddSchool(school);
  records.AddYear(school, 2025);
  records.AddHeadteacher(school, "head-" + school, "2020-09-01");
  for (int i = 0; i < kClasses; ++i) records.AddClass(school, "c" + std::to_string(i), "2025-26");
  std::vector<std::unique_ptr<google::protobuf::Message>> batch;
  const calendar::SchoolCalendar calendar = calendar::TwoYears();
  int count = 0;
  for (absl::CivilDay day = D("2025-09-01"); day < D("2026-07-22"); ++day) {
    if (!calendar.IsSchoolDay(day)) continue;
    const std::string text = calendar::FormatDay(day), head = "head-" + school, deputy = "deputy-" + school;
    for (int i = 0; i < 5; ++i) {
      batch.push_back(std::make_unique<v1::DropIn>(records.DropIn(school, i % 2 == 0 ? head : deputy, At(text, 9, i * 7),
                                                                  "c" + std::to_string((count + i * 3) % kClasses))));
    }
    for (auto kind : {v1::Duty::GATE_START, v1::Duty::BREAK, v1::Duty::GATE_END, v1::Duty::LUNCH, v1::Duty::BREAK}) {
      batch.push_back(
          std::make_unique<v1::Duty>(records.Duty(school, kind == v1::Duty::LUNCH ? deputy : head, At(text, 8 + kind), kind)));
    }
    if (count % 10 == 0) batch.push_back(std::make_unique<v1::Visit>(records.Visit(school, At(text, 13), v1::Visit::MADE)));
    if (count % 20 == 0) batch.push_back(std::make_unique<v1::ModelledLesson>(records.Lesson(school, head, At(text, 11))));
    ++count;
  }
  records.PutAll(batch);
}

TestRecords& Filled() {
  static TestRecords& records = *[] {
    auto* made = new TestRecords(std::getenv("FIVESTRAND_BENCH_POSTGRES") != nullptr ? testing::EngineKind::kPostgres
                                                                                     : testing::EngineKind::kSqlite);
    made->AddTrust();
    for (int i = 0; i < kSchools; ++i) AddYearOfRecords(*made, i);
    return made;
  }();
  return records;
}

absl::Time Deadline() {
  return absl::Now() + absl::Seconds(60);
}

domain::Needs All() {
  return {true, true, true, true, true, true};
}

void Summarise(benchmark::State& state, const std::string& scope, absl::CivilDay since) {
  SqlVisibilitySource source(Filled().store());
  const absl::CivilDay as_of = D("2026-07-17");
  const absl::Time now = At("2026-07-17", 18);
  std::size_t rows = 0;
  for (auto _ : state) {
    auto facts = source.ReadFacts(scope, since, as_of, now, All(), Deadline());
    if (!facts.ok()) return state.SkipWithError(facts.status().ToString().c_str());
    domain::MeasureReadings readings(*facts, {scope, {as_of, true}, now});
    for (std::size_t i = 0; i < domain::Measures().size(); ++i) {
      benchmark::DoNotOptimize(readings.Summary(static_cast<domain::MeasureId>(i), since));
    }
    rows = 0;
    for (const auto& school : facts->schools)
      rows += school.drop_ins.size() + school.duties.size() + school.visits.size() + school.modelled_lessons.size();
  }
  state.counters["records"] = static_cast<double>(rows);
}

void BM_SummariseSchool(benchmark::State& state) {
  Summarise(state, "trusts/acorn/schools/school-7", D("2024-09-01"));
}
BENCHMARK(BM_SummariseSchool)->Unit(benchmark::kMillisecond);

void BM_SummariseTrustOf60(benchmark::State& state) {
  Summarise(state, "trusts/acorn", D("2025-07-16"));
}
BENCHMARK(BM_SummariseTrustOf60)->Unit(benchmark::kMillisecond);

// What a page of schools by elements needs: each school's newest two periods of every measure.
void BM_EachSchoolOf60(benchmark::State& state) {
  const VisibilityEvidence evidence(std::make_shared<SqlVisibilitySource>(Filled().store()));
  evidence::EvidenceQuestion question;
  question.scope = "trusts/acorn";
  question.each_school = true;
  for (const auto& measure : domain::Measures()) {
    if (evidence.Covers(measure, false)) question.measures.push_back(&measure);
  }
  question.as_of = D("2026-07-17");
  question.day_still_open = true;
  question.now = At("2026-07-17", 18);
  question.newest = 2;
  for (auto _ : state) {
    std::vector<evidence::ReadingSeries> series;
    const absl::Status status = Filled().store().Read(Deadline(), [&](fivestrand::store::Session& session) {
      series.clear();
      return evidence.Read(session, question, &series);
    });
    if (!status.ok()) return state.SkipWithError(status.ToString().c_str());
    benchmark::DoNotOptimize(series);
  }
}
BENCHMARK(BM_EachSchoolOf60)->Unit(benchmark::kMillisecond);

void BM_ReadTrustFactsOf60(benchmark::State& state) {
  SqlVisibilitySource source(Filled().store());
  for (auto _ : state)
    benchmark::DoNotOptimize(
        source.ReadFacts("trusts/acorn", D("2025-07-16"), D("2026-07-17"), At("2026-07-17", 18), All(), Deadline()));
}
BENCHMARK(BM_ReadTrustFactsOf60)->Unit(benchmark::kMillisecond);

void BM_ReadDay(benchmark::State& state) {
  SqlVisibilitySource source(Filled().store());
  const std::string caller = "trusts/acorn/people/head-school-7";
  const identity::Access everything{.allowed = true, .everything = true};
  for (auto _ : state) {
    auto facts = source.ReadDay("trusts/acorn/schools/school-7", caller, D("2026-07-17"), Deadline());
    if (!facts.ok()) return state.SkipWithError(facts.status().ToString().c_str());
    benchmark::DoNotOptimize(
        domain::LeaderDayOf(*facts, caller, domain::ClassReach(everything, caller, "school-7"), D("2026-07-17"), D("2026-07-17")));
  }
}
BENCHMARK(BM_ReadDay)->Unit(benchmark::kMillisecond);

void BM_ReadCalendar(benchmark::State& state) {
  SqlVisibilitySource source(Filled().store());
  for (auto _ : state) benchmark::DoNotOptimize(source.ReadCalendar("trusts/acorn/schools/school-7", Deadline()));
}
BENCHMARK(BM_ReadCalendar)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fivestrand::leadership::store
