#include "services/leadership/domain/model/scoreboard.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "services/leadership/domain/model/default_model.h"

namespace fivestrand::leadership::domain {
namespace {

using evidence::v1::MeasureSummary;
using Kind = ServiceAnswer::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";
constexpr absl::CivilDay kToday(2026, 11, 24);

MeasureSummary Summary(const std::string& scope, const std::string& element, const std::string& measure, evidence::v1::Band band) {
  MeasureSummary summary;
  summary.mutable_measure()->set_element(element);
  summary.mutable_measure()->set_measure(element + "." + measure);
  summary.mutable_measure()->set_direction(evidence::v1::HIGHER_IS_BETTER);
  summary.mutable_latest()->set_scope(scope);
  if (band != evidence::v1::BAND_UNSPECIFIED) {
    summary.mutable_latest()->set_value(0.5);
    summary.mutable_latest()->set_band(band);
  }
  *summary.add_trend() = summary.latest();
  return summary;
}

const v1::ElementStanding& Standing(const v1::Scoreboard& board, int column, const std::string& element) {
  for (const v1::ElementStanding& standing : board.columns(column).elements()) {
    if (standing.element() == element) return standing;
  }
  ADD_FAILURE() << element;
  return board.columns(column).elements(0);
}

TEST(Scoreboard, HasEveryElementInTheOrderOfTheModel) {
  v1::ImprovementModel model = DefaultModelOf("trusts/acorn");
  model.mutable_strands()->SwapElements(0, 4);
  const v1::Scoreboard board = BuildScoreboard(model, kToday, {ScoreboardScope{kNorthgate, "Northgate"}}, {}, {});
  ASSERT_EQ(board.columns_size(), 1);
  EXPECT_EQ(board.columns(0).scope(), kNorthgate);
  EXPECT_EQ(board.columns(0).display_name(), "Northgate");
  ASSERT_EQ(board.columns(0).elements_size(), 40);
  EXPECT_EQ(board.columns(0).elements(0).element(), "outcomes");
  for (const v1::ElementStanding& standing : board.columns(0).elements()) {
    EXPECT_EQ(standing.no_value_reason(), evidence::v1::NOT_KEPT_YET);
    EXPECT_EQ(standing.band(), evidence::v1::BAND_UNSPECIFIED);
    EXPECT_THAT(standing.measures(), IsEmpty());
  }
}

TEST(Scoreboard, PutsEachMeasureIntoItsCellWithTheWorstBand) {
  std::vector<ServiceAnswer> answers = {{"leadership",
                                         Kind::kAnswered,
                                         {Summary(kNorthgate, "visible-headteacher", "a", evidence::v1::GREEN),
                                          Summary(kNorthgate, "visible-headteacher", "b", evidence::v1::AMBER),
                                          Summary(kElmwood, "visible-headteacher", "a", evidence::v1::RED)}},
                                        {"cpd", Kind::kAnswered, {Summary(kElmwood, "coaching", "c", evidence::v1::GREEN)}}};
  const ConcernCounts concerns = {{{kElmwood, "coaching"}, 2}};
  const v1::Scoreboard board =
      BuildScoreboard(DefaultModelOf("trusts/acorn"), kToday, {ScoreboardScope{kNorthgate, "N"}, ScoreboardScope{kElmwood, "E"}},
                      answers, concerns);
  EXPECT_EQ(Standing(board, 0, "visible-headteacher").measures_size(), 2);
  EXPECT_EQ(Standing(board, 0, "visible-headteacher").band(), evidence::v1::AMBER);
  EXPECT_EQ(Standing(board, 1, "visible-headteacher").band(), evidence::v1::RED);
  EXPECT_EQ(Standing(board, 0, "coaching").no_value_reason(), evidence::v1::NOT_KEPT_YET);
  EXPECT_EQ(Standing(board, 1, "coaching").band(), evidence::v1::GREEN);
  EXPECT_EQ(Standing(board, 1, "coaching").open_concerns(), 2);
  EXPECT_EQ(Standing(board, 0, "coaching").open_concerns(), 0);
  EXPECT_THAT(Standing(board, 1, "coaching").measures(0).trend(), IsEmpty()) << "only a single school has trends";
  EXPECT_THAT(board.away(), IsEmpty());
}

TEST(Scoreboard, APeriodThatHasJustBegunLeavesTheBandOfTheOneBefore) {
  MeasureSummary summary = Summary(kNorthgate, "coaching", "c", evidence::v1::RED);
  summary.mutable_latest()->clear_value();
  summary.mutable_latest()->clear_band();
  std::vector<ServiceAnswer> answers = {{"cpd", Kind::kAnswered, {summary}}};
  const v1::Scoreboard board =
      BuildScoreboard(DefaultModelOf("trusts/acorn"), kToday, {ScoreboardScope{kNorthgate, "N"}}, answers, {});
  EXPECT_EQ(Standing(board, 0, "coaching").band(), evidence::v1::RED);
  EXPECT_EQ(Standing(board, 0, "coaching").measures(0).trend_size(), 1);
}

TEST(Scoreboard, NamesWhoIsAwayAndLeavesTheRest) {
  std::vector<ServiceAnswer> answers = {{"leadership", Kind::kAnswered, {Summary(kNorthgate, "praise", "a", evidence::v1::GREEN)}},
                                        {"assessment", Kind::kAway, {}},
                                        {"cpd", Kind::kAnswered, {}},
                                        {"welfare", Kind::kNotYours, {}}};
  const v1::Scoreboard board =
      BuildScoreboard(DefaultModelOf("trusts/acorn"), kToday, {ScoreboardScope{kNorthgate, "N"}}, answers, {});
  ASSERT_EQ(board.away_size(), 1);
  EXPECT_EQ(board.away(0).service(), "assessment");
  EXPECT_THAT(board.away(0).elements(), ElementsAre("enrichment", "outcomes", "assessment-tracking", "data-meetings",
                                                    "pupil-progress-meetings", "pupil-groups", "trust-send", "intervention"));
  EXPECT_EQ(Standing(board, 0, "outcomes").no_value_reason(), evidence::v1::SERVICE_AWAY);
  EXPECT_EQ(Standing(board, 0, "differentiation").no_value_reason(), evidence::v1::SERVICE_AWAY) << "half of it";
  EXPECT_EQ(Standing(board, 0, "coaching").no_value_reason(), evidence::v1::NOT_KEPT_YET);
  EXPECT_EQ(Standing(board, 0, "staff-welfare").no_value_reason(), evidence::v1::NOT_YOURS);
  EXPECT_EQ(Standing(board, 0, "praise").band(), evidence::v1::GREEN);
}

TEST(Scoreboard, ASchoolIsHeldToWhatItHasAgreed) {
  v1::ImprovementModel model = DefaultModelOf("trusts/acorn");
  model.set_editor("trusts/acorn/people/priya");
  for (const char* school : {kNorthgate, kElmwood}) {
    v1::AgreedTarget& agreed = *model.add_agreed_targets();
    agreed.set_school(school);
    agreed.set_measure("coaching.c");
    agreed.set_target(0.6);
    agreed.set_amber(0.4);
    agreed.set_red(0.2);
    agreed.set_reason("A new team since September");
    *agreed.mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 11, 1));
    *agreed.mutable_end_date() = calendar::ToProto(absl::CivilDay(2026, 12, school == kNorthgate ? 18 : 19));
  }
  *model.mutable_agreed_targets(1)->mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 12, 1));
  std::vector<ServiceAnswer> answers = {
      {"cpd",
       Kind::kAnswered,
       {Summary(kNorthgate, "coaching", "c", evidence::v1::RED), Summary("trusts/acorn", "coaching", "c", evidence::v1::RED),
        Summary("trusts/acorn/schools/oakbank", "coaching", "c", evidence::v1::RED)}}};
  const v1::Scoreboard board =
      BuildScoreboard(model, kToday, {ScoreboardScope{kNorthgate, "N"}, ScoreboardScope{"trusts/acorn", "Trust"}}, answers, {});
  const v1::ElementStanding& northgate = Standing(board, 0, "coaching");
  EXPECT_EQ(northgate.band(), evidence::v1::GREEN);
  EXPECT_EQ(northgate.measures(0).measure().target(), 0.6);
  EXPECT_EQ(northgate.measures(0).measure().agreed().reason(), "A new team since September");
  EXPECT_EQ(northgate.measures(0).measure().agreed().end_date().day(), 18);
  EXPECT_EQ(Standing(board, 1, "coaching").band(), evidence::v1::RED) << "the trust has agreed on nothing with itself";
  EXPECT_FALSE(Standing(board, 1, "coaching").measures(0).measure().has_agreed());
  ASSERT_EQ(board.model().agreed_targets_size(), 1) << "another school's agreement is not part of this board";
  EXPECT_EQ(board.model().agreed_targets(0).school(), kNorthgate);
  EXPECT_TRUE(board.model().editor().empty());
}

TEST(AwayOf, IsOfTheElementsAskedFor) {
  EXPECT_THAT(AwayOf(DefaultModel(), "welfare", {}).elements(), ElementsAre("culture", "staff-welfare", "belief"));
  EXPECT_THAT(AwayOf(DefaultModel(), "welfare", {"belief", "coaching"}).elements(), ElementsAre("belief"));
}

TEST(ServicesOf, IsTheOwnerAndWhoMeasuresItToo) {
  EXPECT_THAT(ServicesOf("coaching"), ElementsAre("cpd"));
  EXPECT_THAT(ServicesOf("differentiation"), ElementsAre("leadership", "assessment"));
  EXPECT_THAT(ServicesOf("nothing"), IsEmpty());
}

}  // namespace
}  // namespace fivestrand::leadership::domain
