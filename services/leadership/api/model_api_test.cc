// The model of a trust: its revisions, what it refuses, and the targets that it agrees with single schools.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/status/status.h"
#include "services/leadership/api/test_improvement.h"

namespace fivestrand::leadership {
namespace {

using evidence::v1::SummariseEvidenceRequest;
using evidence::v1::SummariseEvidenceResponse;
using testing::TestService;

class ModelApiTest : public ImprovementFixture {};

TEST_P(ModelApiTest, TheDefaultModelStandsUntilATrustWritesItsOwn) {
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

TEST_P(ModelApiTest, AChangeIsANewRevisionAndTheEarlierOnesStay) {
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

TEST_P(ModelApiTest, AChangeThatBreaksTheModelNamesTheField) {
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

TEST_P(ModelApiTest, EarlierRevisionsCanBeReadAndSayWhoMadeThem) {
  v1::UpdateImprovementModelRequest change = Change();
  Element(*change.mutable_improvement_model(), "coaching").set_statement("One small step at a time.");
  ASSERT_TRUE(UpdateModel(trust_.ceo(), change).ok());
  change = Change();
  EXPECT_EQ(change.improvement_model().editor(), trust_.ceo().subject);
  Element(*change.mutable_improvement_model(), "coaching").set_statement("Every fortnight.");
  change.mutable_improvement_model()->set_editor("trusts/acorn/people/somebody-else");
  const identity::Caller other = TestService::Person("acorn", "priya", type::v1::ROLE_ADMINISTRATOR);
  ASSERT_TRUE(UpdateModel(other, change).ok());

  const auto at = [&](std::int64_t revision) {
    v1::GetImprovementModelRequest request;
    request.set_name(kModel);
    request.set_revision(revision);
    return Call<v1::ImprovementModel>(trust_.teacher(), absl::StrCat(kImprovement, "GetImprovementModel"), request);
  };
  auto model = at(2);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->editor(), other.subject) << "not whom the request names";
  EXPECT_EQ(Element(*model, "coaching").statement(), "Every fortnight.");
  model = at(1);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->revision(), 1);
  EXPECT_EQ(model->editor(), trust_.ceo().subject);
  EXPECT_EQ(Element(*model, "coaching").statement(), "One small step at a time.");
  model = at(0);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(Element(*model, "coaching").statement(), "");
  EXPECT_EQ(model->name(), kModel);
  EXPECT_TRUE(absl::IsNotFound(at(3).status()));
  EXPECT_TRUE(absl::IsNotFound(at(-1).status()));

  // Restoring is writing what the earlier one says.
  change.Clear();
  *change.mutable_improvement_model() = *at(1);
  change.mutable_improvement_model()->set_etag(GetModel(trust_.ceo())->etag());
  for (const char* path : {"title", "strands", "agreed_targets"}) change.mutable_update_mask()->add_paths(path);
  const auto restored = UpdateModel(other, change);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->revision(), 3);
  EXPECT_EQ(restored->editor(), other.subject);
}

v1::AgreedTarget SomeTarget() {
  v1::AgreedTarget agreed;
  agreed.set_school(kNorthgate);
  agreed.set_measure("coaching.cadence");
  agreed.set_target(0.7);
  agreed.set_reason("Two coaches are on leave");
  agreed.mutable_start_date()->set_year(2026);
  agreed.mutable_start_date()->set_month(11);
  agreed.mutable_start_date()->set_day(2);
  *agreed.mutable_end_date() = agreed.start_date();
  agreed.mutable_end_date()->set_month(12);
  return agreed;
}

TEST_P(ModelApiTest, ASchoolsOwnTargetJudgesItsReadingsAndSaysWhy) {
  CpdAnswers(0.6);
  v1::UpdateImprovementModelRequest change;
  change.mutable_improvement_model()->set_name(kModel);
  change.mutable_update_mask()->add_paths("agreed_targets");
  *change.mutable_improvement_model()->add_agreed_targets() = SomeTarget();
  EXPECT_TRUE(absl::IsPermissionDenied(UpdateModel(trust_.head(), change).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(UpdateModel(trust_.teacher(), change).status()));
  const auto saved = UpdateModel(TestService::Person("acorn", "priya", type::v1::ROLE_ADMINISTRATOR), change);
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_EQ(saved->strands_size(), 5) << "the rest stays";

  // Amber has moved from 0.8 to 0.5 with the target.
  auto board = Board(trust_.head(), kNorthgate);
  ASSERT_TRUE(board.ok()) << board.status();
  const auto& own = Standing(board->columns(0), "coaching");
  EXPECT_EQ(own.band(), evidence::v1::GREEN);
  EXPECT_EQ(own.measures(0).measure().target(), 0.7);
  EXPECT_EQ(own.measures(0).measure().agreed().reason(), "Two coaches are on leave");
  EXPECT_EQ(own.measures(0).measure().agreed().trust_target(), 1);
  board = Board(trust_.ceo(), "trusts/acorn");
  ASSERT_TRUE(board.ok()) << board.status();
  EXPECT_EQ(Standing(board->columns(0), "coaching").band(), evidence::v1::RED) << "the trust as a whole";
  EXPECT_EQ(Standing(board->columns(1), "coaching").band(), evidence::v1::RED) << "elmwood";
  EXPECT_EQ(Standing(board->columns(2), "coaching").band(), evidence::v1::GREEN) << "northgate";
  SummariseEvidenceRequest request;
  request.set_parent(kNorthgate);
  request.add_elements("coaching");
  const auto summaries = Call<SummariseEvidenceResponse>(trust_.head(), absl::StrCat(kEvidence, "SummariseEvidence"), request);
  ASSERT_TRUE(summaries.ok()) << summaries.status();
  EXPECT_EQ(summaries->summaries(0).latest().band(), evidence::v1::GREEN);

  // The board as of the day before it begins.
  v1::GetScoreboardRequest before;
  before.set_parent(kNorthgate);
  *before.mutable_as_of() = SomeTarget().start_date();
  before.mutable_as_of()->set_day(1);
  board = Call<v1::Scoreboard>(trust_.head(), absl::StrCat(kImprovement, "GetScoreboard"), before);
  ASSERT_TRUE(board.ok()) << board.status();
  EXPECT_EQ(Standing(board->columns(0), "coaching").band(), evidence::v1::AMBER) << "by the trust's limits";
  EXPECT_FALSE(Standing(board->columns(0), "coaching").measures(0).measure().has_agreed());
}

TEST_P(ModelApiTest, AnAgreedTargetThatCannotBeNamesTheField) {
  v1::UpdateImprovementModelRequest change = Change();
  const auto wrong = [&](auto alter) {
    v1::UpdateImprovementModelRequest altered = change;
    v1::AgreedTarget& agreed = *altered.mutable_improvement_model()->add_agreed_targets();
    agreed = SomeTarget();
    alter(agreed);
    const auto violations = status::ViolationsOf(UpdateModel(trust_.ceo(), altered).status());
    return violations.empty() ? std::string() : violations[0].field;
  };
  EXPECT_EQ(wrong([](auto& a) { a.set_school("trusts/acorn/schools/nowhere"); }), "improvement_model.agreed_targets[0].school");
  EXPECT_EQ(wrong([](auto& a) { a.set_school("trusts/birch/schools/northgate"); }), "improvement_model.agreed_targets[0].school");
  EXPECT_EQ(wrong([](auto& a) { a.set_measure("coaching"); }), "improvement_model.agreed_targets[0].measure");
  EXPECT_EQ(wrong([](auto& a) { a.clear_end_date(); }), "improvement_model.agreed_targets[0].end_date");
  EXPECT_EQ(wrong([](auto& a) { a.clear_reason(); }), "improvement_model.agreed_targets[0].reason");
  EXPECT_EQ(GetModel(trust_.ceo())->revision(), 0);
  *change.mutable_improvement_model()->add_agreed_targets() = SomeTarget();
  EXPECT_EQ(wrong([](auto&) {}), "improvement_model.agreed_targets[1].start_date") << "overlaps";
  ASSERT_TRUE(UpdateModel(trust_.ceo(), change).ok());
}

INSTANTIATE_TEST_SUITE_P(Engines, ModelApiTest, ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
