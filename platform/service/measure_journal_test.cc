#include "platform/service/measure_journal.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/service/reading_journal.h"
#include "platform/status/macros.h"
#include "platform/store/outbox.h"
#include "platform/store/store.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

evidence::MeasureDefinition Definition(std::string_view measure, double target) {
  return {.measure = measure,
          .element = "coaching",
          .element_number = "2.14",
          .element_title = "Coaching",
          .title = "Sessions on cadence",
          .unit = evidence::v1::SHARE,
          .direction = evidence::v1::HIGHER_IS_BETTER,
          .target = target,
          .amber = 0.8,
          .red = 0.5,
          .formula = "Sessions held of those due",
          .period_kind = evidence::v1::WEEK};
}

class MeasureJournalTest : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  void SetUp() override {
    auto temp = testing::TempStore::Create(GetParam());
    ASSERT_TRUE(temp.ok()) << temp.status();
    temp_ = *std::move(temp);
    const store::MigrationSeries series[] = {EvidenceMigrations()};
    auto opened = temp_->Open(series);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  void Journal(std::string_view trust, const std::vector<evidence::MeasureDefinition>& measures) {
    ASSERT_TRUE(store_
                    ->Write(Soon(),
                            [&](store::WriteTransaction& transaction) {
                              return JournalMeasures(transaction, trust, measures, "services/cpd");
                            })
                    .ok());
  }
  // `name@revision` of each event since the last call.
  std::vector<std::string> News() {
    std::vector<std::string> news;
    EXPECT_TRUE(store_
                    ->Read(Soon(),
                           [&](store::Session& session) -> absl::Status {
                             FIVESTRAND_ASSIGN_OR_RETURN(
                                 const store::EventPage page,
                                 store::ReadEvents(session, cursor_, 100, {}, [&](const store::StoredEvent& event) {
                                   EXPECT_EQ(event.resource_type, kMeasureType);
                                   evidence::v1::Measure measure;
                                   EXPECT_TRUE(measure.ParseFromString(std::string(event.record)));
                                   news.push_back(std::string(event.resource) + "@" + std::to_string(event.revision));
                                   return absl::OkStatus();
                                 }));
                             cursor_ = page.cursor;
                             return absl::OkStatus();
                           })
                    .ok());
    return news;
  }
  static absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

  std::unique_ptr<testing::TempStore> temp_;
  std::unique_ptr<store::Store> store_;
  std::int64_t cursor_ = 0;
};

TEST_P(MeasureJournalTest, TellsEachDefinitionOnceAndAgainWhenItChanges) {
  Journal("acorn", {Definition("coaching.cadence", 1), Definition("coaching.steps", 1)});
  EXPECT_THAT(News(), ElementsAre("trusts/acorn/measures/coaching.cadence@1", "trusts/acorn/measures/coaching.steps@1"));
  Journal("acorn", {Definition("coaching.cadence", 1), Definition("coaching.steps", 1)});
  EXPECT_THAT(News(), IsEmpty());
  Journal("acorn", {Definition("coaching.cadence", 0.9), Definition("coaching.steps", 1)});
  EXPECT_THAT(News(), ElementsAre("trusts/acorn/measures/coaching.cadence@2"));
  Journal("oak", {Definition("coaching.cadence", 0.9)});
  EXPECT_THAT(News(), ElementsAre("trusts/oak/measures/coaching.cadence@1"));
}

TEST_P(MeasureJournalTest, ASnapshotHoldsThemInOrderPageByPage) {
  Journal("b", {Definition("coaching.steps", 1), Definition("coaching.cadence", 1)});
  Journal("a-b", {Definition("coaching.steps", 1)});
  Journal("a", {Definition("coaching.steps", 1)});
  std::vector<std::string> names;
  ASSERT_TRUE(store_
                  ->Read(Soon(),
                         [&](store::Session& session) -> absl::Status {
                           for (std::size_t before = 1; before != names.size();) {
                             before = names.size();
                             FIVESTRAND_RETURN_IF_ERROR(MeasureSnapshot().read(session, names.empty() ? "" : names.back(), 2,
                                                                               [&](const events::v1::Event& event) {
                                                                                 EXPECT_EQ(event.kind(), events::v1::RECORDED);
                                                                                 names.push_back(event.resource());
                                                                                 return absl::OkStatus();
                                                                               }));
                           }
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(names.size(), 4u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

INSTANTIATE_TEST_SUITE_P(Engines, MeasureJournalTest,
                         ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::service
