// A feed between two stores over loopback: how fast a follower catches up, and how long an event takes to its effect at rest.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <memory>
#include <vector>

#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/events/follower.h"
#include "platform/events/test_follower.h"

namespace fivestrand::events {
namespace {

using testing::EngineKind;
using testing::TestService;

struct Pair {
  explicit Pair(EngineKind engine)
      : library(engine), reader(engine, ReaderSpec(), absl::Now()), logger(log::Level::kError, &log::WriteToStderr) {
    library.service().Listen();
  }
  std::unique_ptr<Follower> Start(FollowSpec spec) {
    auto follower = std::make_unique<Follower>(std::move(spec), OptionsFor(library, reader, &logger));
    follower->Start();
    return follower;
  }
  static void Await(const Follower& follower, std::int64_t cursor) {
    while (follower.cursor() < cursor) absl::SleepFor(absl::Microseconds(100));
  }
  Library library;
  TestService reader;
  log::Logger logger;
};

// Events a second from the start of a follower that was away, into mirrors.
void BM_CatchUp(benchmark::State& state) {
  constexpr std::int64_t kEvents = 100000;
  const auto engine = static_cast<EngineKind>(state.range(0));
  std::int64_t applied = 0;
  for (auto _ : state) {
    Pair pair(engine);
    auto follower = pair.Start(MirrorFollow());
    while (!follower->whole()) absl::SleepFor(absl::Milliseconds(1));
    follower->Stop();
    pair.library.AppendEvents(kEvents);
    const absl::Time began = absl::Now();
    follower = pair.Start(MirrorFollow());
    Pair::Await(*follower, pair.library.head());
    state.SetIterationTime(absl::ToDoubleSeconds(absl::Now() - began));
    follower->Stop();
    applied += kEvents;
  }
  state.SetLabel(testing::EngineName(engine));
  state.counters["events/s"] = benchmark::Counter(static_cast<double>(applied), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_CatchUp)->Arg(0)->Arg(1)->UseManualTime()->Iterations(2)->Unit(benchmark::kMillisecond);

// From the end of the commit of one event to the end of the commit of its effect.
void BM_AtRest(benchmark::State& state) {
  const auto engine = static_cast<EngineKind>(state.range(0));
  Pair pair(engine);
  auto follower = pair.Start(MirrorFollow());
  while (!follower->whole()) absl::SleepFor(absl::Milliseconds(1));
  std::vector<double> delays;
  for (auto _ : state) {
    pair.library.AppendEvents(1);
    const absl::Time committed = absl::Now();
    const std::int64_t head = pair.library.head();
    Pair::Await(*follower, head);
    delays.push_back(absl::ToDoubleMilliseconds(absl::Now() - committed));
    state.SetIterationTime(delays.back() / 1000);
  }
  std::sort(delays.begin(), delays.end());
  state.SetLabel(testing::EngineName(engine));
  state.counters["p50_ms"] = delays[delays.size() / 2];
  state.counters["p99_ms"] = delays[delays.size() * 99 / 100];
}
BENCHMARK(BM_AtRest)->Arg(0)->Arg(1)->UseManualTime()->Iterations(500)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fivestrand::events
