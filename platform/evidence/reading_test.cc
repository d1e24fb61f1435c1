#include "platform/evidence/reading.h"

#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/test_calendars.h"

namespace fivestrand::evidence {
namespace {

using calendar::D;
using testing::ElementsAre;

constexpr MeasureDefinition kMeasure{.measure = "eht-ht-meetings.adherence",
                                     .element = "eht-ht-meetings",
                                     .element_number = "2.5",
                                     .element_title = "Executive headteacher meets headteacher",
                                     .title = "Meetings held",
                                     .unit = v1::SHARE,
                                     .direction = v1::HIGHER_IS_BETTER,
                                     .target = 1,
                                     .amber = 0.9,
                                     .red = 0.7,
                                     .formula = "Held and late of what is concluded",
                                     .period_kind = v1::HALF_TERM};

class Readings : public testing::Test {
 protected:
  ReadingContext At(const char* as_of, bool day_still_open = false) const {
    return {kMeasure, "trusts/t/schools/s", D(as_of), absl::FromUnixMillis(1'790'000'000'500), day_still_open};
  }
  calendar::Period HalfTerm(const char* day) const { return *calendar::PeriodOf(D(day), calendar::Cadence::kHalfTermly, school_); }

  std::vector<std::string> Labels(const std::vector<calendar::Period>& periods) const {
    std::vector<std::string> labels;
    for (const auto& period : periods) labels.push_back(period.label);
    return labels;
  }

  const calendar::SchoolCalendar school_ = calendar::TwoYears();
};

TEST_F(Readings, AShareHasItsParts) {
  const v1::Reading reading = ShareReading(At("2025-10-30"), HalfTerm("2025-10-01"), 3, 4);
  EXPECT_EQ(reading.measure(), kMeasure.measure);
  EXPECT_EQ(reading.scope(), "trusts/t/schools/s");
  EXPECT_EQ(reading.value(), 0.75);
  EXPECT_EQ(reading.numerator(), 3);
  EXPECT_EQ(reading.denominator(), 4);
  EXPECT_EQ(reading.band(), v1::AMBER);
  EXPECT_TRUE(reading.final());
  EXPECT_EQ(reading.no_value_reason(), v1::NO_VALUE_REASON_UNSPECIFIED);
  EXPECT_EQ(reading.period().label(), "Autumn 1");
  EXPECT_EQ(reading.period().kind(), v1::HALF_TERM);
  EXPECT_EQ(reading.period().start_date().day(), 1);
  EXPECT_EQ(reading.period().end_date().day(), 26);
  EXPECT_EQ(reading.compute_time().seconds(), 1'790'000'000);
  EXPECT_EQ(reading.compute_time().nanos(), 500'000'000);
}

TEST_F(Readings, NothingConcludedIsNoFigure) {
  for (const v1::Reading& reading :
       {ShareReading(At("2025-09-02"), HalfTerm("2025-10-01"), 0, 0),
        AdherenceReading(At("2025-09-02"), HalfTerm("2025-10-01"), {.due = 3}),
        ValueReading(At("2025-09-02"), HalfTerm("2025-10-01"), std::numeric_limits<double>::infinity())}) {
    EXPECT_FALSE(reading.has_value());
    EXPECT_EQ(reading.no_value_reason(), v1::NOTHING_CONCLUDED);
    EXPECT_EQ(reading.band(), v1::BAND_UNSPECIFIED);
  }
}

TEST_F(Readings, AdherenceCountsLateOnes) {
  const v1::Reading reading =
      AdherenceReading(At("2025-10-30"), HalfTerm("2025-10-01"), {.held = 4, .late = 2, .missed = 2, .due = 1});
  EXPECT_EQ(reading.numerator(), 6);
  EXPECT_EQ(reading.denominator(), 8);
  EXPECT_EQ(reading.value(), 0.75);
}

TEST_F(Readings, AreFinalWhenTheirPeriodHasClosed) {
  const calendar::Period autumn = HalfTerm("2025-10-01");
  EXPECT_FALSE(IsFinal(At("2025-10-25"), autumn));
  EXPECT_TRUE(IsFinal(At("2025-10-26"), autumn));
  EXPECT_FALSE(IsFinal(At("2025-10-26", true), autumn));
  EXPECT_TRUE(IsFinal(At("2025-10-27", true), autumn));
  EXPECT_FALSE(NoReading(At("2025-10-25"), autumn, v1::NOT_KEPT_YET).final());
}

TEST_F(Readings, WithheldLeavesNothingToWorkFrom) {
  v1::Reading reading = ShareReading(At("2025-10-30"), HalfTerm("2025-10-01"), 3, 4);
  reading.add_records()->set_collection("trusts/t/schools/s/dropIns");
  Withhold(reading, v1::TOO_FEW);
  EXPECT_FALSE(reading.has_value());
  EXPECT_EQ(reading.numerator(), 0);
  EXPECT_EQ(reading.denominator(), 0);
  EXPECT_EQ(reading.band(), v1::BAND_UNSPECIFIED);
  EXPECT_EQ(reading.records_size(), 0);
  EXPECT_EQ(reading.no_value_reason(), v1::TOO_FEW);
  EXPECT_EQ(reading.SerializeAsString(), NoReading(At("2025-10-30"), HalfTerm("2025-10-01"), v1::TOO_FEW).SerializeAsString());
}

TEST_F(Readings, PeriodsUpToTheDay) {
  EXPECT_THAT(Labels(ReadingPeriods(school_, v1::HALF_TERM, calendar::AcademicYearRange(2025), D("2026-01-10"))),
              ElementsAre("Autumn 1", "Autumn 2", "Spring 1"));
  EXPECT_THAT(Labels(ReadingPeriods(school_, v1::TERM, calendar::AcademicYearRange(2026), D("2026-08-31"))), ElementsAre());
  EXPECT_THAT(Labels(ReadingPeriods(school_, v1::PERIOD_KIND_UNSPECIFIED, calendar::AcademicYearRange(2025), D("2026-01-10"))),
              ElementsAre());
  EXPECT_EQ(ReadingPeriods(school_, v1::DAY, {D("2020-01-01"), D("2030-01-01")}, D("2030-01-01")).size(), 380u);
  EXPECT_THAT(Labels(ReadingPeriods(school_, v1::WEEK, {D("2020-01-01"), D("2030-01-01")}, D("2025-10-01"), 2)),
              ElementsAre("Week 4", "Week 5"));
  EXPECT_THAT(Labels(TrendPeriods(school_, v1::ACADEMIC_YEAR, D("2026-10-01"))), ElementsAre("2025/26", "2026/27"));
  EXPECT_EQ(TrendPeriods(school_, v1::WEEK, D("2026-07-01")).size(), 12u);
  EXPECT_EQ(TrendPeriods(school_, v1::WEEK, D("2026-07-01")).back().end, D("2026-07-05"));
}

TEST_F(Readings, ATrendHasAtMostTwelveAndEndsWithTheLatest) {
  std::vector<v1::Reading> readings;
  for (int i = 0; i < 15; ++i) readings.push_back(ShareReading(At("2025-10-30"), HalfTerm("2025-10-01"), i, 20));
  const v1::MeasureSummary summary = Summary(At("2025-10-30"), readings);
  EXPECT_EQ(summary.trend_size(), 12);
  EXPECT_EQ(summary.trend(0).numerator(), 3);
  EXPECT_EQ(summary.latest().numerator(), 14);
  EXPECT_EQ(summary.measure().element_number(), "2.5");
}

TEST_F(Readings, WithoutACalendarSaySo) {
  const v1::MeasureSummary summary = Summary(At("2031-10-30"), {});
  EXPECT_EQ(summary.trend_size(), 0);
  EXPECT_EQ(summary.latest().no_value_reason(), v1::NO_CALENDAR);
  EXPECT_FALSE(summary.latest().has_period());
  EXPECT_FALSE(summary.latest().final());
}

TEST_F(Readings, PeriodsThatNoCalendarLaysAreMadeByTheSource) {
  const v1::Period window = MakePeriod(v1::ASSESSMENT_WINDOW, {D("2025-10-01"), D("2025-10-30")}, "Autumn");
  EXPECT_EQ(window.label(), "Autumn");
  v1::Reading reading = ShareReading(At("2025-10-30"), window, 1, 2);
  EXPECT_EQ(reading.period().kind(), v1::ASSESSMENT_WINDOW);
  EXPECT_EQ(reading.period().start_date().day(), 1);
  EXPECT_TRUE(reading.final());
  EXPECT_FALSE(ShareReading(At("2025-10-30", true), window, 1, 2).final()) << "the last day is not over";
  EXPECT_FALSE(NoReading(At("2025-10-29"), window, v1::TOO_FEW).final());
  EXPECT_EQ(ValueReading(At("2025-10-31", true), window, 3).value(), 3);
  EXPECT_FALSE(CadenceOf(v1::ASSESSMENT_WINDOW).has_value());
  EXPECT_FALSE(CadenceOf(v1::SURVEY).has_value());
}

TEST_F(Readings, FortnightsAndMonthsAreOfTheCalendar) {
  for (const v1::PeriodKind kind : {v1::FORTNIGHT, v1::MONTH}) {
    const auto periods = ReadingPeriods(school_, kind, {D("2025-09-01"), D("2025-12-01")}, D("2025-12-01"));
    ASSERT_FALSE(periods.empty());
    EXPECT_EQ(ToProto(periods[0]).kind(), kind);
  }
}

}  // namespace
}  // namespace fivestrand::evidence
