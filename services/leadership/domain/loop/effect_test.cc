#include "services/leadership/domain/loop/effect.h"

#include <gtest/gtest.h>

#include "services/leadership/domain/loop/test_series.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;

TEST(EffectTest, BeforeIsTheMeanOfTwoPeriodsAndAfterComesWithTheLag) {
  // Weeks begin on 7, 14, 21, 28 September, 5 and 12 October.
  const Series series = Weekly("2026-09-07", {0.2, 0.4, 0.3, 0.5, 0.6, 0.7});
  // Began on Wednesday 23 September: whole weeks after are those of 28 September and on; two are the lag.
  const Effect effect = JudgeEffect(series, D("2026-09-23"));
  EXPECT_DOUBLE_EQ(effect.before.value(), 0.3);
  EXPECT_DOUBLE_EQ(effect.after.value(), 0.7);
  EXPECT_EQ(effect.impact, D("2026-10-18"));
  EXPECT_EQ(effect.outcome, v1::IMPROVED);
  EXPECT_TRUE(effect.conclusive());
}

TEST(EffectTest, BeforeThatItIsTooEarly) {
  const Series series = Weekly("2026-09-07", {0.2, 0.4, 0.3, 0.9, 0.9});
  const Effect effect = JudgeEffect(series, D("2026-09-23"));
  EXPECT_EQ(effect.outcome, v1::TOO_EARLY);
  EXPECT_FALSE(effect.after.has_value());
  EXPECT_FALSE(effect.conclusive());
  EXPECT_EQ(JudgeEffect(series, std::nullopt).outcome, v1::TOO_EARLY) << "no response yet";
}

TEST(EffectTest, APeriodInWhichTheResponseBeganIsNeitherBeforeNorAfter) {
  evidence::v1::Measure measure = WeeklyShare();
  measure.set_lag_periods(1);
  // Began on a Monday: that week does not lie after it as a whole.
  const Effect effect = JudgeEffect(Weekly("2026-09-07", {0.4, 0.1, 0.2, 0.6}, measure), D("2026-09-14"));
  EXPECT_DOUBLE_EQ(effect.before.value(), 0.4);
  EXPECT_DOUBLE_EQ(effect.after.value(), 0.6);
}

TEST(EffectTest, OutcomesByDeltaAndBand) {
  const auto outcome = [](double before, double after) {
    evidence::v1::Measure measure = WeeklyShare();
    measure.set_lag_periods(1);
    return JudgeEffect(Weekly("2026-09-07", {before, 0, 0, after}, measure), D("2026-09-14")).outcome;
  };
  EXPECT_EQ(outcome(0.4, 0.5), v1::IMPROVED) << "delta nearer the target";
  EXPECT_EQ(outcome(0.4, 0.45), v1::UNCHANGED);
  EXPECT_EQ(outcome(0.4, 0.35), v1::UNCHANGED);
  EXPECT_EQ(outcome(0.4, 0.3), v1::WORSE);
  EXPECT_EQ(outcome(0.79, 0.8), v1::IMPROVED) << "back in band";
  EXPECT_EQ(outcome(0.9, 0.85), v1::UNCHANGED);
}

TEST(EffectTest, IsHeldToWhatTheSchoolHasAgreed) {
  evidence::v1::Measure measure = WeeklyShare(), agreed = WeeklyShare();
  measure.set_lag_periods(1);
  agreed.set_target(0.6);
  agreed.set_amber(0.4);
  agreed.set_red(0.2);
  const auto outcome = [&](double before, double after, const char* end) {
    Series series = Weekly("2026-09-07", {before, 0, 0, after}, measure);
    series.agreed.push_back({{D("2026-09-21"), D(end)}, agreed});
    return JudgeEffect(series, D("2026-09-14")).outcome;
  };
  // The later week closes on Sunday 4 October.
  EXPECT_EQ(outcome(0.35, 0.4, "2026-10-04"), v1::IMPROVED) << "in band again, by the school's own limits";
  EXPECT_EQ(outcome(0.35, 0.4, "2026-10-03"), v1::UNCHANGED) << "the agreement had ended";
  EXPECT_EQ(outcome(0.5, 0.5, "2026-10-04"), v1::UNCHANGED) << "another target moves no figure";
}

TEST(EffectTest, AGapNarrowsFromBothSides) {
  const auto outcome = [](double before, double after) {
    return JudgeEffect(Windows("2026-09-14", {before, 0, after}), D("2026-10-05")).outcome;
  };
  EXPECT_EQ(outcome(-14, -13), v1::IMPROVED);
  EXPECT_EQ(outcome(-14, -13.5), v1::UNCHANGED);
  EXPECT_EQ(outcome(-14, -16), v1::WORSE);
  EXPECT_EQ(outcome(-14, 16), v1::WORSE);
  EXPECT_EQ(outcome(-14, 4), v1::IMPROVED);
}

TEST(EffectTest, WithoutAnythingBeforeOnlyTheBandTells) {
  evidence::v1::Measure measure = WeeklyShare();
  measure.set_lag_periods(1);
  EXPECT_EQ(JudgeEffect(Weekly("2026-09-14", {0, 0, 0.9}, measure), D("2026-09-14")).outcome, v1::IMPROVED);
  const Effect unknown = JudgeEffect(Weekly("2026-09-14", {0, 0, 0.4}, measure), D("2026-09-14"));
  EXPECT_EQ(unknown.outcome, v1::OUTCOME_UNSPECIFIED);
  EXPECT_FALSE(unknown.conclusive());
}

TEST(EffectTest, DefaultLags) {
  evidence::v1::Measure measure;
  measure.set_period_kind(evidence::v1::DAY);
  EXPECT_EQ(LagPeriods(measure), 10) << "two school weeks";
  measure.set_period_kind(evidence::v1::WEEK);
  EXPECT_EQ(LagPeriods(measure), 2);
  measure.set_period_kind(evidence::v1::SURVEY);
  EXPECT_EQ(LagPeriods(measure), 1);
  measure.set_period_kind(evidence::v1::ASSESSMENT_WINDOW);
  EXPECT_EQ(LagPeriods(measure), 1);
  measure.set_lag_periods(3);
  EXPECT_EQ(LagPeriods(measure), 3);
}

}  // namespace
}  // namespace fivestrand::leadership::domain
