// The scoreboard and the gathering of evidence as callers of the whole service see them; the other services are fakes.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/status/status.h"
#include "services/leadership/api/gather.h"
#include "services/leadership/api/test_improvement.h"

namespace fivestrand::leadership {
namespace {

using evidence::v1::ListMeasuresRequest;
using evidence::v1::ListMeasuresResponse;
using evidence::v1::ListReadingsRequest;
using evidence::v1::ListReadingsResponse;
using evidence::v1::SummariseEvidenceRequest;
using evidence::v1::SummariseEvidenceResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestService;
using ::testing::UnorderedElementsAre;

class ImprovementApiTest : public ImprovementFixture {};

TEST_P(ImprovementApiTest, ASchoolsBoardHasEveryElementAndNamesWhoIsAway) {
  CpdAnswers(0.6);
  peers_->On<SummariseEvidenceRequest, SummariseEvidenceResponse>(
      "welfare/SummariseEvidence", [](const auto&) { return status::Denied("evidence.readings.read"); });
  const auto board = Board(trust_.head(), kNorthgate);
  ASSERT_TRUE(board.ok()) << board.status();
  ASSERT_EQ(board->columns_size(), 1);
  const v1::ScoreboardColumn& column = board->columns(0);
  EXPECT_EQ(column.display_name(), "northgate Primary");
  EXPECT_EQ(column.elements_size(), 40);
  EXPECT_EQ(Standing(column, "visible-headteacher").measures_size(), 5);
  EXPECT_GT(Standing(column, "visible-headteacher").measures(0).trend_size(), 2);
  EXPECT_EQ(Standing(column, "visible-headteacher").band(), evidence::v1::RED) << "nobody dropped in";
  ASSERT_EQ(Standing(column, "coaching").measures_size(), 1);
  EXPECT_EQ(Standing(column, "coaching").measures(0).latest().value(), 0.6);
  EXPECT_EQ(Standing(column, "cpd").no_value_reason(), evidence::v1::NOT_KEPT_YET);
  EXPECT_EQ(Standing(column, "culture").no_value_reason(), evidence::v1::NOT_YOURS);
  EXPECT_EQ(Standing(column, "outcomes").no_value_reason(), evidence::v1::SERVICE_AWAY);
  ASSERT_EQ(board->away_size(), 1);
  EXPECT_EQ(board->away(0).service(), "assessment");
  EXPECT_FALSE(peers_->options().token.empty()) << "on the caller's behalf";
  EXPECT_FALSE(peers_->options().repeatable);
  EXPECT_LE(peers_->options().timeout, api::kPeerTimeout);
}

TEST_P(ImprovementApiTest, ATrustsBoardHasAColumnForItAndForEachSchool) {
  CpdAnswers(0.6);
  const auto board = Board(trust_.ceo(), "trusts/acorn");
  ASSERT_TRUE(board.ok()) << board.status();
  std::vector<std::string> scopes;
  for (const auto& column : board->columns()) scopes.push_back(column.scope());
  EXPECT_THAT(scopes, ElementsAre("trusts/acorn", kElmwood, kNorthgate));
  for (const auto& column : board->columns()) {
    EXPECT_EQ(column.elements_size(), 40);
    EXPECT_EQ(Standing(column, "coaching").measures_size(), 1) << column.scope();
    EXPECT_THAT(Standing(column, "coaching").measures(0).trend(), IsEmpty());
    EXPECT_GT(Standing(column, "visible-headteacher").measures_size(), 0) << column.scope();
  }
  EXPECT_TRUE(absl::IsPermissionDenied(Board(trust_.head(), "trusts/acorn").status()));
  EXPECT_TRUE(absl::IsPermissionDenied(Board(trust_.head(), kElmwood).status()));
  EXPECT_TRUE(absl::IsNotFound(Board(trust_.ceo(), "trusts/acorn/schools/none").status()));
}

TEST_P(ImprovementApiTest, WhoeverHasSomeSchoolsSeesTheirColumns) {
  const auto mine = Board(trust_.head(), "trusts/acorn/schools/-");
  ASSERT_TRUE(mine.ok()) << mine.status();
  ASSERT_EQ(mine->columns_size(), 1);
  EXPECT_EQ(mine->columns(0).scope(), kNorthgate);
  EXPECT_EQ(Standing(mine->columns(0), "visible-headteacher").measures_size(), 5);
  EXPECT_EQ(Board(trust_.ceo(), "trusts/acorn/schools/-")->columns_size(), 2);

  SummariseEvidenceRequest request;
  request.set_parent("trusts/acorn/schools/-");
  request.set_by_school(true);
  const auto evidence = Call<SummariseEvidenceResponse>(trust_.head(), absl::StrCat(kEvidence, "SummariseEvidence"), request);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_GT(evidence->summaries_size(), 0);
  for (const auto& summary : evidence->summaries()) {
    EXPECT_EQ(summary.latest().scope(), kNorthgate);
    EXPECT_LE(summary.trend_size(), 2);
    EXPECT_TRUE(summary.measure().formula().empty());
  }
  request.set_parent(kNorthgate);
  EXPECT_TRUE(absl::IsInvalidArgument(
      Call<SummariseEvidenceResponse>(trust_.head(), absl::StrCat(kEvidence, "SummariseEvidence"), request).status()));
}

TEST_P(ImprovementApiTest, TheTrustsOwnLimitsJudgeWhatEveryServiceMeasures) {
  CpdAnswers(0.6);
  WithSettings(0.2, 0.5);
  const auto board = Board(trust_.head(), kNorthgate);
  ASSERT_TRUE(board.ok()) << board.status();
  EXPECT_EQ(Standing(board->columns(0), "coaching").band(), evidence::v1::GREEN);
  EXPECT_EQ(Standing(board->columns(0), "coaching").measures(0).measure().amber(), 0.5);
  EXPECT_EQ(Standing(board->columns(0), "coaching").measures(0).trend(0).band(), evidence::v1::GREEN);
}

TEST_P(ImprovementApiTest, EvidenceIsGatheredFromWhoeverOwnsIt) {
  CpdAnswers(0.6);
  SummariseEvidenceRequest request;
  request.set_parent(kNorthgate);
  request.add_elements("coaching");
  request.add_elements("belief");
  const auto summaries = Call<SummariseEvidenceResponse>(trust_.head(), absl::StrCat(kEvidence, "SummariseEvidence"), request);
  ASSERT_TRUE(summaries.ok()) << summaries.status();
  EXPECT_THAT(peers_->TakeCalls(), UnorderedElementsAre("cpd/SummariseEvidence", "welfare/SummariseEvidence"))
      << "assessment owns neither";
  ASSERT_EQ(summaries->summaries_size(), 1);
  EXPECT_EQ(summaries->summaries(0).latest().value(), 0.6);
  ASSERT_EQ(summaries->away_size(), 1);
  EXPECT_EQ(summaries->away(0).service(), "welfare");
  EXPECT_THAT(summaries->away(0).elements(), ElementsAre("belief"));

  // A process asks each service itself.
  request.clear_elements();
  const auto own = Call<SummariseEvidenceResponse>(TestService::Process(), absl::StrCat(kEvidence, "SummariseEvidence"), request);
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->summaries_size(), 7);
  EXPECT_EQ(own->away_size(), 0);
  EXPECT_THAT(peers_->TakeCalls(), IsEmpty());
}

TEST_P(ImprovementApiTest, MeasuresAreThoseOfAllServices) {
  peers_->On<ListMeasuresRequest, ListMeasuresResponse>("cpd/ListMeasures", [](const auto&) {
    ListMeasuresResponse response;
    *response.add_measures() = CoachingMeasure();
    return response;
  });
  WithSettings(0.2, 0.5);
  ListMeasuresRequest request;
  request.set_parent("trusts/acorn");
  const auto measures = Call<ListMeasuresResponse>(trust_.teacher(), absl::StrCat(kEvidence, "ListMeasures"), request);
  ASSERT_TRUE(measures.ok()) << measures.status();
  ASSERT_EQ(measures->measures_size(), 9);
  EXPECT_EQ(measures->measures(8).red(), 0.2);
  EXPECT_EQ(measures->away_size(), 2);
  request.set_defaults(true);
  const auto own = Call<ListMeasuresResponse>(trust_.teacher(), absl::StrCat(kEvidence, "ListMeasures"), request);
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->measures(8).red(), 0.5) << "as the service defines it";
}

TEST_P(ImprovementApiTest, ReadingsComeFromTheOwnerOfTheMeasure) {
  ListReadingsRequest request;
  request.set_parent(kNorthgate);
  request.set_measure("coaching.cadence");
  const auto list = [&] {
    return Call<ListReadingsResponse>(trust_.head(), absl::StrCat(kEvidence, "ListReadings"), request);
  };
  const auto away = list();
  EXPECT_EQ(status::ReasonOf(away.status()), status::Reason::kUpstreamUnavailable) << away.status();
  peers_->On<ListReadingsRequest, ListReadingsResponse>("cpd/ListReadings", [](const auto& asked) {
    ListReadingsResponse response;
    *response.add_readings() = CoachingReading(asked.parent(), 0.4);
    return response;
  });
  peers_->On<ListMeasuresRequest, ListMeasuresResponse>("cpd/ListMeasures", [](const auto&) {
    ListMeasuresResponse response;
    *response.add_measures() = CoachingMeasure();
    return response;
  });
  auto readings = list();
  ASSERT_TRUE(readings.ok()) << readings.status();
  ASSERT_EQ(readings->readings_size(), 1);
  EXPECT_EQ(readings->readings(0).band(), evidence::v1::RED);
  WithSettings(0.3, 0.5);
  readings = list();
  ASSERT_TRUE(readings.ok()) << readings.status();
  EXPECT_EQ(readings->readings(0).band(), evidence::v1::AMBER);
  peers_->On<ListReadingsRequest, ListReadingsResponse>(
      "cpd/ListReadings", [](const auto&) { return status::InvalidField("measure", "is none that this service computes"); });
  EXPECT_TRUE(absl::IsInvalidArgument(list().status())) << "the owner's refusal is the answer";
  request.set_measure("nothing.at-all");
  EXPECT_TRUE(absl::IsInvalidArgument(list().status()));
}

INSTANTIATE_TEST_SUITE_P(Engines, ImprovementApiTest,
                         ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
