// The loop as it runs: records are measured, the journal sends the readings, the service follows its own feed, and a concern is
// there.
#include <gmock/gmock.h>
#include <memory>
#include <prometheus/registry.h>

#include "absl/time/clock.h"

#include "platform/events/follower.h"
#include "platform/log/log.h"
#include "platform/service/reading_journal.h"
#include "services/leadership/app/leadership_spec.h"
#include "services/leadership/app/test_loop.h"
#include "services/leadership/store/loop/loop_events.h"

namespace fivestrand::leadership {
namespace {

using testing::EngineKind;
using testing::TestService;

class LoopLiveTest : public LoopFixture {
 protected:
  LoopLiveTest() : logger_(log::Level::kDebug, [](std::string_view) {}) {
    events::FollowSpec own = store::LoopFollows(std::make_shared<organisation::CalendarReader>()).front();
    EXPECT_EQ(own.source, "leadership");
    events::FollowerOptions options;
    options.service = "leadership";
    options.registry = &trust_.service().registry();
    options.metrics = &metrics_;
    options.logger = &logger_;
    options.client = [this] {
      return std::shared_ptr<rpc::Client>(&trust_.service().client(), [](rpc::Client*) {});
    };
    options.token = [this] {
      return trust_.service().TokenFor(TestService::Process());
    };
    options.clock = [this] {
      return trust_.service().clock().Now();
    };
    follower_ = std::make_unique<events::Follower>(std::move(own), std::move(options));
    follower_->Start();
  }
  ~LoopLiveTest() override { follower_->Stop(); }

  template <typename Condition>
  bool Eventually(Condition condition) {
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (!condition()) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(2));
    }
    return true;
  }

  prometheus::Registry metrics_;
  log::Logger logger_;
  std::unique_ptr<events::Follower> follower_;
};

TEST_P(LoopLiveTest, FromRecordsToAConcernAndFromARecordToItsAnswer) {
  ASSERT_TRUE(Eventually([&] { return follower_->whole(); })) << follower_->trouble();
  service::ReadingJournal journal(trust_.service().store(), LeadershipSpec().evidence(trust_.service().registry()), "leadership");
  const auto outcome = journal.Update(trust_.service().clock().Now());
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_GT(outcome->written, 10);
  // Nobody has dropped into a lesson this year.
  const std::string filter = absl::StrCat("school = \"", kNorthgate, "\" AND measure = \"", kDropInDays, "\"");
  ASSERT_TRUE(Eventually([&] { return !Concerns(Head(), filter).empty(); })) << follower_->trouble();
  const v1::Concern concern = Concerns(Head(), filter).at(0);
  EXPECT_EQ(concern.accountable(), Head().subject);
  EXPECT_GT(concern.evidence_size(), 0);

  const v1::ImprovementThread thread = OpenThread(Head(), {concern.name()});
  Visit(thread.name(), -60);
  EXPECT_TRUE(Eventually([&] {
    return Timeline(Head(), thread.name()).thread().state() == v1::ImprovementThread::AWAITING_READING;
  })) << follower_->trouble();
  // Measured once more, nothing is raised twice.
  const std::int64_t concerns = Count("concern");
  ASSERT_TRUE(journal.Update(trust_.service().clock().Now()).ok());
  const std::int64_t head = Count("outbox");
  ASSERT_TRUE(Eventually([&] { return follower_->cursor() >= head; }));
  EXPECT_EQ(Count("concern"), concerns);
  EXPECT_EQ(follower_->trouble(), "");
}

INSTANTIATE_TEST_SUITE_P(Engines, LoopLiveTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
