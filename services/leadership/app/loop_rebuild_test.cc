// The timeline of a thread is a pure function of the events: rebuilt from the feeds, in whatever order they come and however often,
// it equals the live one.
#include <gmock/gmock.h>
#include <memory>
#include <random>

#include "absl/time/clock.h"
#include "fivestrand/cpd/v1/coaching.pb.h"
#include "fivestrand/leadership/v1/calendar.pb.h"
#include "fivestrand/leadership/v1/model.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/test_calendars.h"
#include "platform/events/mirror.h"
#include "platform/status/macros.h"
#include "services/leadership/app/test_loop.h"
#include "services/leadership/domain/loop/threads.h"
#include "services/leadership/store/loop/loop_events.h"
#include "services/leadership/store/loop/loop_reader.h"
#include "services/leadership/store/migrations.h"

namespace fivestrand::leadership {
namespace {

using calendar::D;
using testing::EngineKind;
using testing::TestService;

// A store that knows nothing but the events.
class Rebuilt {
 public:
  explicit Rebuilt(EngineKind engine)
      : service_(engine, Spec(), absl::FromCivil(absl::CivilDay(2026, 11, 24), absl::UTCTimeZone())) {}

  absl::Status Apply(const std::string& source, const events::v1::Event& event) {
    return service_.store().Write(absl::Now() + absl::Seconds(30),
                                  [&](fivestrand::store::WriteTransaction& transaction) -> absl::Status {
                                    if (service_.registry().Find(event.resource_type()) != nullptr)
                                      FIVESTRAND_RETURN_IF_ERROR(events::ApplyToMirror(service_.registry(), transaction, event));
                                    return store::ApplyLoopEvent(store::LoopReader(service_.registry(), calendars_), source,
                                                                 transaction, event, store::Consequences::kNone);
                                  });
  }

  // Everything that a timeline holds, as text.
  std::string Timeline(const std::string& thread, absl::CivilDay today) { return TimelineOf(service_, calendars_, thread, today); }

  static std::string TimelineOf(TestService& service, organisation::CalendarReader& calendars, const std::string& thread,
                                absl::CivilDay today) {
    std::string text;
    const absl::Status status =
        service.store().Read(absl::Now() + absl::Seconds(30), [&](fivestrand::store::Session& session) -> absl::Status {
          text.clear();
          const store::LoopReader reader(service.registry(), calendars);
          store::ThreadStory story;
          FIVESTRAND_ASSIGN_OR_RETURN(const bool found, reader.Story(session, thread, &story));
          if (!found) return absl::NotFoundError("no thread");
          FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<store::ConcernEffect> effects, reader.Effects(session, story, today));
          // What is kept of the thread's progress must be what follows from the events.
          v1::ImprovementThread derived = story.thread;
          domain::Progress(story.responses, store::PlainEffects(effects), today, &derived);
          EXPECT_EQ(derived.DebugString(), story.thread.DebugString());
          text = story.thread.DebugString();
          for (const auto& response : story.responses) text += response.DebugString();
          for (const store::ConcernEffect& one : effects) {
            text += one.concern->DebugString() + one.series.measure.DebugString();
            for (const auto& reading : one.series.readings) text += reading.DebugString();
            text += absl::StrCat(one.effect.before.value_or(-1), " ", one.effect.after.value_or(-1), " ", one.effect.outcome, "\n");
          }
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return text;
  }

 private:
  static service::RecordServiceSpec Spec() {
    service::RecordServiceSpec spec;
    spec.name = "rebuilt";
    spec.migrations = {store::Migrations()};
    spec.mirrors = {v1::Concern::descriptor(), v1::ImprovementThread::descriptor(), v1::ImprovementModel::descriptor(),
                    v1::Post::descriptor(), v1::Person::descriptor()};
    spec.declare = [](resource::Registry*) {
      return absl::OkStatus();
    };
    return spec;
  }

  TestService service_;
  organisation::CalendarReader calendars_;
};

class LoopRebuildTest : public LoopFixture {};

TEST_P(LoopRebuildTest, TheTimelineIsAFunctionOfTheEvents) {
  Define();
  for (const auto& [monday, value] : {std::pair("2026-09-28", 0.9), std::pair("2026-10-05", 0.4), std::pair("2026-10-12", 0.3)})
    ReadWeek(monday, value);
  SetDay("2026-10-19");
  const v1::ImprovementThread thread = OpenThread(Head(), {OneConcern(Head()).name()});
  Visit(thread.name(), -60);
  const std::string planned = Visit(thread.name(), 24 * 60);
  FollowSelf();
  cpd::v1::CoachingCycle cycle;
  cycle.set_name("trusts/acorn/coachingCycles/cyc1");
  cycle.set_improvement_thread(thread.name());
  cycle.set_state(cpd::v1::CoachingCycle::ACTIVE);
  *cycle.mutable_start_date() = calendar::ToProto(D("2026-10-15"));
  for (std::int64_t revision = 1; revision <= 3; ++revision) {
    events::v1::Event event;
    event.set_kind(revision == 1 ? events::v1::CREATED : events::v1::UPDATED);
    event.set_resource_type("fivestrand/CoachingCycle");
    event.set_resource(cycle.name());
    event.set_revision(revision);
    if (revision == 2) *cycle.mutable_start_date() = calendar::ToProto(D("2026-10-16"));
    if (revision == 3) {
      cycle.set_state(cpd::v1::CoachingCycle::COMPLETED);
      *cycle.mutable_end_date() = calendar::ToProto(D("2026-10-19"));
    }
    event.set_record(cycle.SerializeAsString());
    ASSERT_TRUE(Deliver("cpd", event).ok());
  }
  v1::CancelVisitRequest cancel;
  cancel.set_name(planned);
  Must<v1::Visit>(Ceo(), "VisibilityService.CancelVisit", cancel);
  SetDay("2026-11-17");
  for (const auto& [monday, value] :
       {std::pair("2026-10-19", 0.5), std::pair("2026-10-26", 0.9), std::pair("2026-11-02", 0.9), std::pair("2026-11-09", 0.85)})
    ReadWeek(monday, value);
  ReadWeek("2026-11-09", 0.95, 2);
  FollowSelf();
  v1::CloseImprovementThreadRequest close;
  close.set_name(thread.name());
  close.set_outcome(v1::IMPROVED);
  Must<v1::ImprovementThread>(Head(), "ImprovementService.CloseImprovementThread", close);
  v1::ReopenImprovementThreadRequest reopen;
  reopen.set_name(thread.name());
  reopen.set_reason("To see whether it lasts");
  Must<v1::ImprovementThread>(Head(), "ImprovementService.ReopenImprovementThread", reopen);
  FollowSelf();

  const absl::CivilDay today = D("2026-11-17");
  const std::string live = Rebuilt::TimelineOf(trust_.service(), calendars_, thread.name(), today);
  EXPECT_NE(live.find("Support in place"), std::string::npos);
  EXPECT_NE(live.find("impact_date"), std::string::npos);

  std::mt19937 random(5);
  for (int round = 0; round < 4; ++round) {
    Rebuilt rebuilt(GetParam());
    // Each feed in its own order, one beside the other by chance; now and then the last few events come once more.
    std::map<std::string, std::size_t> at;
    for (;;) {
      std::vector<std::string> open;
      for (const auto& [source, events] : fed_) {
        if (at[source] < events.size()) open.push_back(source);
      }
      if (open.empty()) break;
      const std::string& source = open[random() % open.size()];
      const absl::Status status = rebuilt.Apply(source, fed_[source][at[source]++]);
      ASSERT_TRUE(status.ok()) << status;
      if (random() % 4 == 0) at[source] -= std::min<std::size_t>(at[source], random() % 3);
    }
    EXPECT_EQ(rebuilt.Timeline(thread.name(), today), live);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, LoopRebuildTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
