// Followers over a real server on loopback, on both engines: nothing is lost and nothing doubled, whatever comes in between.
#include "platform/events/follower.h"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/events/test_follower.h"
#include "platform/resource/registry.h"
#include "platform/status/status.h"
#include "platform/store/followers.h"
#include "platform/store/housekeeping.h"

namespace fivestrand::events {
namespace {

using testing::EngineKind;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestService;

void Await(const std::function<bool()>& condition, const char* what) {
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (!condition()) {
    ASSERT_LT(absl::Now(), end) << what;
    absl::SleepFor(absl::Milliseconds(1));
  }
}

class FollowerTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  FollowerTest()
      : library_(GetParam()),
        reader_(GetParam(), ReaderSpec(), absl::Now()),
        logger_(log::Level::kDebug, [this](std::string_view line) {
          const std::lock_guard lock(log_mutex_);
          log_.append(line);
        }) {
    library_.service().Listen();
  }

  std::unique_ptr<Follower> Start(FollowSpec spec, const std::function<void(FollowerOptions*)>& change = {}) {
    FollowerOptions options = OptionsFor(library_, reader_, &logger_);
    if (change) change(&options);
    auto follower = std::make_unique<Follower>(std::move(spec), std::move(options));
    follower->Start();
    return follower;
  }
  void AwaitHead(const Follower& follower) {
    const std::int64_t head = library_.head();
    Await([&] { return follower.cursor() >= head; }, "the follower does not reach the head of the feed");
  }
  std::int64_t Here(const std::string& sql) { return Number(reader_.store(), sql); }
  std::int64_t There(const std::string& sql) { return Number(library_.service().store(), sql); }
  std::string log() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }
  // Trims everything of the library's outbox that policy allows at `now`.
  void Trim(absl::Time now, absl::Duration least, absl::Duration greatest) {
    store::Store& store = library_.service().store();
    std::int64_t up_to = 0;
    ASSERT_TRUE(store
                    .Read(absl::Now() + absl::Seconds(30),
                          [&](store::Session& session) -> absl::Status {
                            auto cursor = store::TrimmableCursor(session, now, least, greatest);
                            up_to = cursor.value_or(-1);
                            return cursor.status();
                          })
                    .ok());
    ASSERT_TRUE(store::TrimOutbox(store, absl::Now() + absl::Seconds(30), up_to, 1000000).ok());
  }

  Library library_;
  TestService reader_;
  std::mutex log_mutex_;
  std::string log_;
  log::Logger logger_;
};

TEST_P(FollowerTest, StartsFromASnapshotAndGoesOnWithEvents) {
  library_.AddShelf("a", "before");
  library_.AddNotes("n", 1200, "a");
  library_.DeleteNote("n-7");
  auto follower = Start(MirrorFollow());
  AwaitHead(*follower);
  EXPECT_TRUE(follower->whole());
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note"), 1199) << "a snapshot holds live records";
  EXPECT_EQ(Here("SELECT COUNT(*) FROM shelf WHERE title = 'before'"), 1);

  library_.AddShelf("b");
  library_.AddNotes("m", 10, "b");
  library_.DeleteNote("n-8");
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note WHERE delete_time IS NULL"), 1208);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note WHERE path LIKE '%/n-8' AND delete_time IS NOT NULL"), 1);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM outbox"), 0) << "what is mirrored is told by its owner alone";
  EXPECT_EQ(Here("SELECT SUM(revision) FROM note"), There("SELECT SUM(revision) FROM note WHERE path NOT LIKE '%/n-7'"));
  EXPECT_EQ(follower->trouble(), "");
}

TEST_P(FollowerTest, EveryEventHasItsEffectOnceThroughRestartsOfBothSides) {
  auto follower = Start(SeenFollow());
  Await([&] { return follower->whole(); }, "the first snapshot");
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < 40; ++i) {
      library_.AddNotes(absl::StrCat("w", i), 25);
    }
    done = true;
  });
  int restarts = 0;
  for (; !done || restarts < 5; ++restarts) {
    const std::int64_t before = follower->cursor();
    Await([&] { return follower->cursor() > before || done; }, "progress");
    follower->Stop();
    follower = Start(SeenFollow());
  }
  writer.join();
  // And of the source.
  library_.service().Restart();
  library_.AddNotes("after", 25);
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM seen"), 1025);
  EXPECT_EQ(Here("SELECT MAX(times) FROM seen"), 1);
  EXPECT_EQ(Here("SELECT MAX(position) - MIN(position) + 1 FROM seen"), 1025);
}

TEST_P(FollowerTest, CatchesUpAfterATimeAway) {
  auto follower = Start(SeenFollow());
  Await([&] { return follower->whole(); }, "the first snapshot");
  follower->Stop();
  library_.AppendEvents(20000);
  follower = Start(SeenFollow());
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM seen"), 20000);
  EXPECT_EQ(Here("SELECT MAX(times) FROM seen"), 1);
  EXPECT_EQ(Here("SELECT cursor FROM feed_cursor"), library_.head());
}

TEST_P(FollowerTest, AfterATrimItTakesASnapshotThatRemovesWhatIsGone) {
  library_.AddShelf("a");
  library_.AddNotes("n", 700, "a");
  auto follower = Start(MirrorFollow());
  AwaitHead(*follower);
  follower->Stop();
  for (const char* id : {"n-0", "n-350", "n-699"}) library_.DeleteNote(id);
  library_.AddNotes("m", 3, "a");
  // The follower is silent for longer than events are kept.
  Trim(absl::Now() + absl::Hours(1000), absl::Hours(1), absl::Hours(720));
  ASSERT_EQ(There("SELECT COUNT(*) FROM outbox"), 0);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note"), 700);

  follower = Start(MirrorFollow());
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note"), 700);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note WHERE path LIKE '%/n-0' OR path LIKE '%/n-350' OR path LIKE '%/n-699'"), 0);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note WHERE path LIKE '%/m-%'"), 3);
  EXPECT_THAT(log(), HasSubstr("taking a snapshot"));
  library_.AddNotes("k", 1, "a");
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note"), 701);
}

TEST_P(FollowerTest, TrimmingWaitsForTheSlowest) {
  auto quick = Start(MirrorFollow());
  auto slow = Start(SeenFollow());
  library_.AddNotes("n", 50);
  AwaitHead(*quick);
  AwaitHead(*slow);
  const std::string slowest = "SELECT MIN(cursor) FROM feed_follower";
  Await([&] { return There(slowest) == library_.head(); }, "both are acknowledged");
  EXPECT_EQ(There("SELECT COUNT(*) FROM feed_follower"), 2);
  slow->Stop();
  const std::int64_t left_at = library_.head();
  library_.AddNotes("m", 30);
  AwaitHead(*quick);
  Await([&] { return There("SELECT MAX(cursor) FROM feed_follower") == library_.head(); }, "the quick one is acknowledged");
  const absl::Time later = absl::Now() + absl::Hours(2);
  Trim(absl::Now(), absl::Hours(1), absl::Hours(720));
  EXPECT_EQ(There("SELECT trimmed_cursor FROM store_head"), 0) << "younger than the least age";
  Trim(later, absl::Hours(1), absl::Hours(720));
  EXPECT_EQ(There("SELECT trimmed_cursor FROM store_head"), left_at);
  slow = Start(SeenFollow());
  AwaitHead(*slow);
  EXPECT_EQ(Here("SELECT MAX(times) FROM seen"), 1);
  Await([&] { return There(slowest) == library_.head(); }, "the slow one has caught up");
  Trim(later, absl::Hours(1), absl::Hours(720));
  EXPECT_EQ(There("SELECT COUNT(*) FROM outbox"), 0);
}

TEST_P(FollowerTest, StandsStillAtAnEffectThatFailsAndSkipsNothing) {
  std::atomic<bool> broken{true};
  std::atomic<int> tries{0};
  FollowSpec spec = SeenFollow();
  spec.effect = [&](const resource::Registry&, store::WriteTransaction& transaction, const v1::Event& event) -> absl::Status {
    if (event.resource().find("/n-5") != std::string::npos && broken) {
      ++tries;
      return status::Internal("trusts/t/people/somebody");
    }
    return CountSeen(transaction, event);
  };
  auto follower = Start(spec);
  Await([&] { return follower->whole(); }, "the first snapshot");
  const std::int64_t before = library_.head();
  library_.AddNotes("n", 9);
  Await([&] { return tries > 3; }, "it tries again");
  EXPECT_EQ(follower->cursor(), before + 5) << "what comes before has had its effect";
  EXPECT_EQ(Here("SELECT COUNT(*) FROM seen"), 5);
  EXPECT_THAT(follower->trouble(), HasSubstr("test/Note"));
  EXPECT_THAT(log(), HasSubstr("stands still"));
  EXPECT_THAT(log(), Not(HasSubstr("somebody")));
  EXPECT_THAT(follower->trouble(), Not(HasSubstr("trusts/")));
  broken = false;
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM seen"), 9);
  EXPECT_EQ(Here("SELECT MAX(times) FROM seen"), 1);
  Await([&] { return follower->trouble().empty(); }, "the trouble is over");
}

TEST_P(FollowerTest, AnOlderLifeOfTheSourceMeansASnapshot) {
  library_.AddNotes("n", 5);
  auto follower = Start(MirrorFollow());
  AwaitHead(*follower);
  follower->Stop();
  // As if the library had been put back from a copy, from before the events that were followed.
  ASSERT_TRUE(reader_.store()
                  .Write(absl::Now() + absl::Seconds(30),
                         [](store::WriteTransaction& transaction) {
                           return transaction.Execute("UPDATE feed_cursor SET cursor = cursor + 100", {}).status();
                         })
                  .ok());
  ASSERT_TRUE(reader_.store()
                  .Write(absl::Now() + absl::Seconds(30),
                         [](store::WriteTransaction& transaction) {
                           return transaction.Execute("UPDATE note SET revision = 50, title = 'newer'", {}).status();
                         })
                  .ok());
  follower = Start(MirrorFollow());
  Await([&] { return Here("SELECT COUNT(*) FROM note WHERE title = 'newer'") == 0; }, "the snapshot replaces what is newer");
  EXPECT_EQ(Here("SELECT COUNT(*) FROM note"), 5);
  AwaitHead(*follower);
}

TEST_P(FollowerTest, OtherTypesThanBeforeMeanASnapshot) {
  library_.AddShelf("a");
  library_.AddNotes("n", 5);
  FollowSpec spec = MirrorFollow();
  spec.resource_types = {"test/Note"};
  auto follower = Start(spec);
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM shelf"), 0);
  follower->Stop();
  follower = Start(MirrorFollow());
  Await([&] { return Here("SELECT COUNT(*) FROM shelf") == 1; }, "the type that is new");
}

// Replicas share a database; a SQLite file has one process.
class ReplicaTest : public FollowerTest {};

TEST_P(ReplicaTest, TwoShareTheWork) {
  auto one = Start(SeenFollow());
  auto two = Start(SeenFollow());
  Await([&] { return one->whole() && two->whole(); }, "the snapshots");
  for (int i = 0; i < 10; ++i) library_.AddNotes(absl::StrCat("n", i), 20);
  AwaitHead(*one);
  AwaitHead(*two);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM seen"), 200);
  EXPECT_EQ(Here("SELECT MAX(times) FROM seen"), 1);
}

TEST_P(FollowerTest, OpensItsStreamAnewBeforeTheTokenEnds) {
  std::atomic<int> tokens{0};
  auto follower = Start(SeenFollow(), [&](FollowerOptions* options) {
    options->stream_age = absl::Milliseconds(1);
    options->token = [&, token = options->token] {
      ++tokens;
      return token();
    };
  });
  Await([&] { return tokens > 20; }, "streams are opened again");
  library_.AddNotes("n", 30);
  AwaitHead(*follower);
  EXPECT_EQ(Here("SELECT COUNT(*) FROM seen"), 30);
  EXPECT_EQ(follower->trouble(), "");
}

INSTANTIATE_TEST_SUITE_P(Engines, FollowerTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

INSTANTIATE_TEST_SUITE_P(Postgres, ReplicaTest, ::testing::Values(EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::events
