#include "services/leadership/domain/loop/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

#include "services/leadership/domain/loop/keys.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/test_series.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RulesTest : public ::testing::Test {
 protected:
  std::vector<std::size_t> Newest(v1::Rule rule, const Series& series) {
    return Fires(rule, series, series.readings.size() - 1, &calendar_);
  }
  bool NewestRecovered(v1::Rule rule, const Series& series) {
    return Recovered(rule, series, series.readings.size() - 1, &calendar_);
  }

  const calendar::SchoolCalendar calendar_ = calendar::TwoYears();
};

TEST_F(RulesTest, RedOnceOrAmberTwiceIsOutOfBand) {
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.9, 0.4})), ElementsAre(1));
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.9, 0.7})), IsEmpty());
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.7, 0.7})), ElementsAre(0, 1));
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.7, 0.9, 0.7})), IsEmpty());
  // A value equal to a limit keeps the better band.
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.8, 0.8})), IsEmpty());
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.5})), IsEmpty());
}

TEST_F(RulesTest, AHolidayIsPassedOverAndAHiddenFigureBreaksTheRow) {
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-10-19", {0.7, std::nullopt, 0.7})), ElementsAre(0, 2));
  Series hidden = Weekly("2026-10-19", {0.7, std::nullopt, 0.7});
  hidden.readings[1].set_no_value_reason(evidence::v1::TOO_FEW);
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, hidden), IsEmpty());
}

TEST_F(RulesTest, TheBandsAreTheTrustsOwn) {
  Series series = Weekly("2026-09-07", {0.7, 0.7});
  series.measure.set_amber(0.6);
  series.readings[1].set_band(evidence::v1::RED);  // As it was computed under other limits.
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, series), IsEmpty());
}

TEST_F(RulesTest, EachReadingIsHeldToWhatTheSchoolHadAgreedForItsLastDay) {
  evidence::v1::Measure agreed = WeeklyShare();
  agreed.set_target(0.6);
  agreed.set_amber(0.4);
  agreed.set_red(0.2);
  // Weeks that close on 13, 20 and 27 September.
  Series series = Weekly("2026-09-07", {0.45, 0.45, 0.45});
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, series), ElementsAre(2));
  series.agreed.push_back({{D("2026-09-14"), D("2026-09-27")}, agreed});
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, series), IsEmpty());
  EXPECT_TRUE(NewestRecovered(v1::OUT_OF_BAND, series));
  series.agreed[0].days.end = D("2026-09-26");
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, series), ElementsAre(2)) << "it ended the day before the week closed";
  // A target that is raised for a school fires where the trust's would not.
  series = Weekly("2026-09-07", {0.9, 0.85});
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, series), IsEmpty());
  agreed.set_amber(0.95);
  agreed.set_red(0.88);
  series.agreed.push_back({{D("2026-09-14"), D("2026-09-27")}, agreed});
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, series), ElementsAre(1));
}

TEST_F(RulesTest, AdherenceIsHeldToWhatTheSchoolHadAgreed) {
  evidence::v1::Measure beat = WeeklyShare(), agreed = WeeklyShare();
  beat.set_commitment(true);
  agreed.set_commitment(true);
  agreed.set_amber(0.4);
  agreed.set_red(0.2);
  Series series = Weekly("2026-09-07", {1, 1, 0, 1, 0, 1, 0, 1}, beat);
  EXPECT_FALSE(Newest(v1::MISSED_COMMITMENT, series).empty());
  series.agreed.push_back({{D("2026-09-07"), D("2026-12-18")}, agreed});
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, series), IsEmpty());
}

TEST_F(RulesTest, AGapThatWidensTwiceFires) {
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Windows("2026-09-14", {-8, -11, -14})), ElementsAre(0, 1, 2));
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Windows("2026-09-14", {8, 11, 14})), ElementsAre(0, 1, 2)) << "from the other side too";
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Windows("2026-09-14", {-8, -11})), IsEmpty());
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Windows("2026-09-14", {-8, -9, -14})), IsEmpty()) << "delta is not more than delta";
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Windows("2026-09-14", {-8, -14, -11})), IsEmpty());
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Windows("2026-09-14", {2, -5, -8})), IsEmpty()) << "it changed sides";
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Windows("2026-09-14", {-14, -11, -8})), IsEmpty()) << "it narrows";
  EXPECT_THAT(Newest(v1::WIDENING_GAP, Weekly("2026-09-07", {0.9, 0.7, 0.5})), IsEmpty()) << "no gap";
}

TEST_F(RulesTest, AGapOverFewPupilsSaysNothing) {
  Series series = Windows("2026-09-14", {-8, -11, -14});
  for (auto& reading : series.readings) reading.set_sample_size(30);
  EXPECT_THAT(Newest(v1::WIDENING_GAP, series), ElementsAre(0, 1, 2));
  series.readings[1].set_sample_size(5);
  EXPECT_THAT(Newest(v1::WIDENING_GAP, series), IsEmpty());
}

TEST_F(RulesTest, ABeatMissedTwiceFires) {
  evidence::v1::Measure beat = WeeklyShare();
  beat.set_commitment(true);
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {1, 0, 0}, beat)), ElementsAre(1, 2));
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {1, 1, 0}, beat)), IsEmpty());
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {0, std::nullopt, 0}, beat)), ElementsAre(0, 2));
  EXPECT_THAT(Newest(v1::OUT_OF_BAND, Weekly("2026-11-02", {1, 0, 0}, beat)), IsEmpty()) << "beats have their own rule";
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {1, 0, 0})), IsEmpty()) << "no commitment";
}

TEST_F(RulesTest, PoorAdherenceOverSixSchoolWeeksFires) {
  evidence::v1::Measure beat = WeeklyShare();
  beat.set_commitment(true);
  // Weeks of 2 November to 7 December: four of six held is 0.67, under amber.
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {1, 0, 1, 0, 1, 1}, beat)), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {1, 0, 1, 1, 1, 1}, beat)), IsEmpty()) << "0.83";
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-11-16", {1, 0, 1, 0}, beat)), IsEmpty()) << "four weeks are not six";
  // The half-term holiday is no school week: the six weeks reach back beyond it.
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, Weekly("2026-10-12", {0, 1, std::nullopt, 1, 1, 0, 1}, beat)),
              ElementsAre(0, 1, 3, 4, 5, 6));
  Series days = Weekly("2026-11-02", {0.6, 1, 1, 1, 1, 1}, beat);
  for (auto& reading : days.readings) reading.set_denominator(5), reading.set_numerator(reading.value() * 5);
  EXPECT_THAT(Newest(v1::MISSED_COMMITMENT, days), IsEmpty()) << "28 of 30";
}

TEST_F(RulesTest, WorseThanAYearBefore) {
  std::vector<Value> weeks(53, 0.9);
  weeks.back() = 0.79;
  EXPECT_THAT(Newest(v1::FALLING, Weekly("2025-09-08", weeks)), ElementsAre(0, 52));
  weeks.back() = 0.8;
  EXPECT_THAT(Newest(v1::FALLING, Weekly("2025-09-08", weeks)), IsEmpty()) << "by delta, not by more";
  EXPECT_THAT(Newest(v1::FALLING, Weekly("2026-09-07", {0.9, 0.3})), IsEmpty()) << "no reading of the year before";
  weeks[0] = std::nullopt;
  weeks.back() = 0.1;
  EXPECT_THAT(Newest(v1::FALLING, Weekly("2025-09-08", weeks)), IsEmpty()) << "nobody can tell";
}

TEST_F(RulesTest, NothingNewForHalfATermIsStale) {
  std::vector<Value> quiet(8, std::nullopt);
  quiet[0] = 0.9;
  // Six school weeks after the week of 7 September, and the holiday.
  EXPECT_THAT(Newest(v1::STALE, Weekly("2026-09-07", quiet)), ElementsAre(0, 7));
  EXPECT_THAT(Newest(v1::STALE, Weekly("2026-09-07", {0.9, std::nullopt, std::nullopt})), IsEmpty());
  quiet[0] = std::nullopt;
  EXPECT_THAT(Newest(v1::STALE, Weekly("2026-09-07", quiet)), IsEmpty()) << "there never was anything";
  // The summer holiday has no school days.
  std::vector<Value> summer(7, std::nullopt);
  summer[0] = 0.9;
  EXPECT_THAT(Newest(v1::STALE, Weekly("2026-07-13", summer)), IsEmpty());
}

TEST_F(RulesTest, RecoveryIsTheRulesOwn) {
  EXPECT_TRUE(NewestRecovered(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.4, 0.8})));
  EXPECT_FALSE(NewestRecovered(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.4, 0.7}))) << "amber is not in band";
  EXPECT_FALSE(NewestRecovered(v1::OUT_OF_BAND, Weekly("2026-09-07", {0.4, std::nullopt})));
  EXPECT_TRUE(NewestRecovered(v1::WIDENING_GAP, Windows("2026-09-14", {-8, -11, -14, -14})));
  EXPECT_FALSE(NewestRecovered(v1::WIDENING_GAP, Windows("2026-09-14", {-8, -11, -14, -16})));
  EXPECT_FALSE(NewestRecovered(v1::FALLING, Weekly("2026-09-07", {0.9}))) << "nobody can tell";
  evidence::v1::Measure beat = WeeklyShare();
  beat.set_commitment(true);
  EXPECT_TRUE(NewestRecovered(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {0, 0, 1}, beat)));
  EXPECT_FALSE(NewestRecovered(v1::MISSED_COMMITMENT, Weekly("2026-11-02", {1, 1, 1, 0, 0, 1}, beat))) << "adherence is still poor";
}

TEST_F(RulesTest, KeysTellCausesApart) {
  const Series series = Windows("2026-09-14", {-8, -11, -14});
  const auto raise = [&](v1::Rule rule, auto change) {
    Series changed = series;
    change(changed);
    return RaiseConcern(rule, changed, {2}, "trusts/acorn", absl::UnixEpoch()).key();
  };
  const std::string key = raise(v1::WIDENING_GAP, [](Series&) {});
  EXPECT_EQ(key.size(), 64u);
  EXPECT_EQ(raise(v1::WIDENING_GAP, [](Series& s) { s.readings.back().set_value(-20); }), key);
  EXPECT_NE(raise(v1::OUT_OF_BAND, [](Series&) {}), key);
  EXPECT_NE(raise(v1::WIDENING_GAP, [](Series& s) { s.readings.back().set_scope("trusts/acorn/schools/elmwood"); }), key);
  EXPECT_NE(raise(v1::WIDENING_GAP, [](Series& s) { s.readings.back().set_scope("trusts/acorn"); }), key);
  EXPECT_NE(raise(v1::WIDENING_GAP, [](Series& s) { s.readings.back().mutable_cut()->set_group(type::v1::PUPIL_GROUP_SEND); }),
            key);
  EXPECT_NE(raise(v1::WIDENING_GAP, [](Series& s) { s.readings.back().mutable_cut()->set_year_group(type::v1::YEAR_GROUP_5); }),
            key);
}

}  // namespace
}  // namespace fivestrand::leadership::domain
