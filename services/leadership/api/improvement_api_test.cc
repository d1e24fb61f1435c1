// The model, the scoreboard and the gathering of evidence as callers of the whole service see them; the other services are fakes.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/status/status.h"
#include "services/leadership/api/fake_peers.h"
#include "services/leadership/api/gather.h"
#include "services/leadership/app/leadership_spec.h"
#include "services/leadership/app/test_trust.h"

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

constexpr char kImprovement[] = "fivestrand.leadership.v1.ImprovementService.";
constexpr char kEvidence[] = "fivestrand.evidence.v1.EvidenceService.";
constexpr char kModel[] = "trusts/acorn/improvementModels/improvement";
constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";

evidence::v1::Measure CoachingMeasure() {
  evidence::v1::Measure measure;
  measure.set_measure("coaching.cadence");
  measure.set_element("coaching");
  measure.set_direction(evidence::v1::HIGHER_IS_BETTER);
  measure.set_target(1);
  measure.set_amber(0.8);
  measure.set_red(0.5);
  return measure;
}

evidence::v1::Reading CoachingReading(const std::string& scope, double value) {
  evidence::v1::Reading reading;
  reading.set_measure("coaching.cadence");
  reading.set_scope(scope);
  reading.set_value(value);
  reading.set_band(evidence::v1::RED);
  return reading;
}

SummariseEvidenceResponse CoachingIs(const std::vector<std::string>& scopes, double value) {
  SummariseEvidenceResponse response;
  for (const std::string& scope : scopes) {
    auto* summary = response.add_summaries();
    *summary->mutable_measure() = CoachingMeasure();
    *summary->mutable_latest() = *summary->add_trend() = CoachingReading(scope, value);
  }
  return response;
}

// It is Tuesday 24 November 2026, 10:00.
class ImprovementApiTest : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const std::string& method, const Request& request) {
    return trust_.service().Call<Response>(caller, method, request);
  }

  absl::StatusOr<v1::ImprovementModel> GetModel(const identity::Caller& caller, const std::string& name = kModel) {
    v1::GetImprovementModelRequest request;
    request.set_name(name);
    return Call<v1::ImprovementModel>(caller, absl::StrCat(kImprovement, "GetImprovementModel"), request);
  }
  absl::StatusOr<v1::ImprovementModel> UpdateModel(const identity::Caller& caller,
                                                   const v1::UpdateImprovementModelRequest& request) {
    return Call<v1::ImprovementModel>(caller, absl::StrCat(kImprovement, "UpdateImprovementModel"), request);
  }
  // The model as it stands, to be changed.
  v1::UpdateImprovementModelRequest Change() {
    v1::UpdateImprovementModelRequest request;
    *request.mutable_improvement_model() = *GetModel(trust_.ceo());
    return request;
  }
  static v1::ModelElement& Element(v1::ImprovementModel& model, const std::string& id) {
    for (auto& strand : *model.mutable_strands()) {
      for (auto& element : *strand.mutable_elements()) {
        if (element.element() == id) return element;
      }
    }
    std::abort();
  }

  absl::StatusOr<v1::Scoreboard> Board(const identity::Caller& caller, const std::string& parent) {
    v1::GetScoreboardRequest request;
    request.set_parent(parent);
    return Call<v1::Scoreboard>(caller, absl::StrCat(kImprovement, "GetScoreboard"), request);
  }
  static const v1::ElementStanding& Standing(const v1::ScoreboardColumn& column, const std::string& element) {
    for (const auto& standing : column.elements()) {
      if (standing.element() == element) return standing;
    }
    std::abort();
  }

  void CpdAnswers(double value) {
    peers_->On<SummariseEvidenceRequest, SummariseEvidenceResponse>("cpd/SummariseEvidence", [value](const auto& request) {
      if (request.by_school()) return CoachingIs({"trusts/acorn", kNorthgate, kElmwood}, value);
      return CoachingIs({request.parent()}, value);
    });
  }
  void WithSettings(double red, double amber) {
    v1::UpdateImprovementModelRequest change = Change();
    auto* setting = Element(*change.mutable_improvement_model(), "coaching").add_measures();
    setting->set_measure("coaching.cadence");
    setting->set_red(red);
    setting->set_amber(amber);
    const auto changed = UpdateModel(trust_.ceo(), change);
    ASSERT_TRUE(changed.ok()) << changed.status();
  }

  std::shared_ptr<api::FakePeers> peers_ = std::make_shared<api::FakePeers>();
  TestTrust trust_{GetParam(), LeadershipSpec(peers_)};
};

TEST_P(ImprovementApiTest, TheDefaultModelStandsUntilATrustWritesItsOwn) {
  const auto model = GetModel(trust_.teacher());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->name(), kModel);
  EXPECT_EQ(model->revision(), 0);
  EXPECT_EQ(model->strands_size(), 5);
  EXPECT_FALSE(model->has_create_time());
  EXPECT_TRUE(absl::IsNotFound(GetModel(trust_.teacher(), "trusts/acorn/improvementModels/second").status()));
  EXPECT_TRUE(absl::IsPermissionDenied(GetModel(trust_.teacher(), "trusts/birch/improvementModels/improvement").status()));
  EXPECT_TRUE(absl::IsPermissionDenied(
      GetModel(TestService::Person("acorn", "guest", type::v1::ROLE_EXTERNAL_CONSULTANT, {"northgate"})).status()));
}

TEST_P(ImprovementApiTest, AChangeIsANewRevisionAndTheEarlierOnesStay) {
  v1::UpdateImprovementModelRequest change = Change();
  Element(*change.mutable_improvement_model(), "coaching").set_stage(v1::EMBEDDED);
  EXPECT_TRUE(absl::IsPermissionDenied(UpdateModel(trust_.head(), change).status()));
  change.set_validate_only(true);
  ASSERT_TRUE(UpdateModel(trust_.ceo(), change).ok());
  EXPECT_EQ(GetModel(trust_.ceo())->revision(), 0);
  change.set_validate_only(false);
  const auto first = UpdateModel(trust_.ceo(), change);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->revision(), 1);
  EXPECT_TRUE(first->has_create_time());
  EXPECT_TRUE(absl::IsAborted(UpdateModel(trust_.ceo(), change).status())) << "the default's etag no longer counts";

  v1::UpdateImprovementModelRequest title;
  title.mutable_improvement_model()->set_name(kModel);
  title.mutable_improvement_model()->set_title("Our model");
  title.mutable_update_mask()->add_paths("title");
  const auto second = UpdateModel(trust_.ceo(type::v1::ROLE_ADMINISTRATOR), title);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->revision(), 2);
  auto now = GetModel(trust_.ceo());
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(Element(*now, "coaching").stage(), v1::EMBEDDED);
  EXPECT_EQ(UpdateModel(trust_.ceo(), title)->revision(), 2) << "what changes nothing makes no revision";

  v1::ListImprovementModelRevisionsRequest list;
  list.set_name(kModel);
  const auto revisions = Call<v1::ListImprovementModelRevisionsResponse>(
      trust_.teacher(), absl::StrCat(kImprovement, "ListImprovementModelRevisions"), list);
  ASSERT_TRUE(revisions.ok()) << revisions.status();
  ASSERT_EQ(revisions->improvement_models_size(), 2);
  EXPECT_EQ(revisions->improvement_models(0).title(), "Our model");
  EXPECT_EQ(revisions->improvement_models(1).revision(), 1);
}

TEST_P(ImprovementApiTest, AChangeThatBreaksTheModelNamesTheField) {
  v1::UpdateImprovementModelRequest change = Change();
  Element(*change.mutable_improvement_model(), "vision-values").set_owner("cpd");
  auto wrong = status::ViolationsOf(UpdateModel(trust_.ceo(), change).status());
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].field, "improvement_model.strands[0].elements[0].owner");
  change = Change();
  change.mutable_update_mask()->add_paths("strands.title");
  wrong = status::ViolationsOf(UpdateModel(trust_.ceo(), change).status());
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].field, "update_mask");
  change = Change();
  change.mutable_improvement_model()->mutable_strands()->RemoveLast();
  EXPECT_TRUE(absl::IsInvalidArgument(UpdateModel(trust_.ceo(), change).status()));
  change = Change();
  change.mutable_improvement_model()->set_name("trusts/acorn/improvementModels/second");
  EXPECT_TRUE(absl::IsNotFound(UpdateModel(trust_.ceo(), change).status()));
}

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
