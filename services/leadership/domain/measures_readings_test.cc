#include "services/leadership/domain/measures_readings.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "services/leadership/domain/measures_test_facts.h"

namespace fivestrand::leadership::domain {
namespace {

using evidence::v1::MeasureSummary;
using evidence::v1::Reading;
using ::testing::ElementsAre;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
constexpr char kSouthgate[] = "trusts/acorn/schools/southgate";

ReadingQuestion Ask(std::string scope, AsOf as_of) {
  return {std::move(scope), as_of, absl::FromUnixSeconds(1'760'000'000)};
}

std::string Day(const google::type::Date& date) {
  return calendar::FormatDay(*calendar::FromProto(date));
}

// "Week 2: 2/5", "Autumn 1: 3", "Week 3: NOTHING_CONCLUDED".
std::string Say(const Reading& reading) {
  std::string text = reading.period().label() + ": ";
  if (!reading.has_value()) return text + evidence::v1::NoValueReason_Name(reading.no_value_reason());
  const auto number = [](double value) {
    return std::to_string(static_cast<int>(value));
  };
  return text +
         (reading.denominator() > 0 ? number(reading.numerator()) + "/" + number(reading.denominator()) : number(reading.value()));
}

template <typename Readings>
std::vector<std::string> SayAll(const Readings& readings) {
  std::vector<std::string> said;
  for (const Reading& reading : readings) said.push_back(Say(reading));
  return said;
}

TEST(SummaryTest, GivesTheNewestPeriodsWithTheOpenOneProvisional) {
  SchoolFacts school = School();
  DropIn(school, {"2025-09-03", "2025-09-08", "2025-09-09", "2025-09-15"});
  const TrustFacts facts = TrustOf({school});
  MeasureReadings readings(facts, Ask(kNorthgate, Open("2025-09-16")));
  const MeasureSummary summary = readings.Summary(MeasureId::kDropInDays, D("2024-09-01"));
  EXPECT_THAT(SayAll(summary.trend()), ElementsAre("Week 1: 1/3", "Week 2: 2/5", "Week 3: 1/1"));
  EXPECT_EQ(Say(summary.latest()), "Week 3: 1/1");
  EXPECT_TRUE(summary.trend(1).final());
  EXPECT_FALSE(summary.latest().final());
  EXPECT_EQ(summary.trend(1).band(), evidence::v1::RED);
  EXPECT_EQ(summary.latest().band(), evidence::v1::GREEN);
  EXPECT_EQ(summary.latest().scope(), kNorthgate);
  EXPECT_EQ(summary.latest().measure(), "visible-headteacher.drop-in-days");
  EXPECT_DOUBLE_EQ(summary.trend(1).value(), 0.4);
}

TEST(SummaryTest, IsAtMostTwelvePeriodsLongAndCrossesYears) {
  const TrustFacts facts = TrustOf({School()});
  MeasureReadings readings(facts, Ask(kNorthgate, Closed("2026-10-16")));
  const MeasureSummary weekly = readings.Summary(MeasureId::kDropInDays, D("2025-09-01"));
  ASSERT_EQ(weekly.trend_size(), 12);
  EXPECT_EQ(weekly.latest().period().label(), "Week 7");
  EXPECT_EQ(Day(weekly.trend(5).period().start_date()), "2026-08-31");
  EXPECT_EQ(Day(weekly.trend(4).period().start_date()), "2026-07-20");
  const MeasureSummary half_termly = readings.Summary(MeasureId::kModelledLessons, D("2025-09-01"));
  EXPECT_THAT(SayAll(half_termly.trend()),
              ElementsAre("Autumn 1: 0", "Autumn 2: 0", "Spring 1: 0", "Spring 2: 0", "Summer 1: 0", "Summer 2: 0", "Autumn 1: 0"));
  // Records before `since` were not read, so no period may begin before it.
  EXPECT_EQ(readings.Summary(MeasureId::kVisits, D("2025-09-01")).trend_size(), 7);
  MeasureReadings shorter(facts, Ask(kNorthgate, Closed("2026-10-16")));
  EXPECT_EQ(shorter.Summary(MeasureId::kVisits, D("2025-09-02")).trend_size(), 6);
}

TEST(SummaryTest, WhatAddsUpIsJudgedWhenItIsEnoughOrOver) {
  SchoolFacts school = School();
  school.modelled_lessons = {{D("2025-09-10"), kHead}};
  school.classes = {{0, 2025}, {1, 2025}};
  const TrustFacts facts = TrustOf({school});
  MeasureReadings during(facts, Ask(kNorthgate, Open("2025-09-16")));
  EXPECT_EQ(Say(during.Summary(MeasureId::kModelledLessons, D("2025-09-01")).latest()), "Autumn 1: 1");
  EXPECT_EQ(during.Summary(MeasureId::kModelledLessons, D("2025-09-01")).latest().band(), evidence::v1::BAND_UNSPECIFIED);
  EXPECT_EQ(during.Summary(MeasureId::kClassCoverage, D("2025-09-01")).latest().band(), evidence::v1::BAND_UNSPECIFIED);
  MeasureReadings after(facts, Ask(kNorthgate, Closed("2025-10-31")));
  EXPECT_EQ(after.Summary(MeasureId::kModelledLessons, D("2025-09-01")).latest().band(), evidence::v1::AMBER);
  EXPECT_EQ(after.Summary(MeasureId::kClassCoverage, D("2025-09-01")).latest().band(), evidence::v1::RED);
  school.modelled_lessons.push_back({D("2025-09-11"), kHead});
  const TrustFacts more = TrustOf({school});
  MeasureReadings enough(more, Ask(kNorthgate, Open("2025-09-16")));
  EXPECT_EQ(enough.Summary(MeasureId::kModelledLessons, D("2025-09-01")).latest().band(), evidence::v1::GREEN);
}

TEST(SummaryTest, SaysThatNoCalendarIsKept) {
  SchoolFacts school = School();
  const TrustFacts planned = TrustOf({school});
  MeasureReadings later(planned, Ask(kNorthgate, Closed("2027-09-10")));
  const MeasureSummary ended = later.Summary(MeasureId::kDropInDays, D("2026-09-01"));
  EXPECT_EQ(ended.latest().no_value_reason(), evidence::v1::NO_CALENDAR);
  EXPECT_FALSE(ended.latest().has_period());
  EXPECT_EQ(ended.trend_size(), 12);

  school.calendar = std::make_shared<const calendar::SchoolCalendar>();
  school.visits = {D("2025-09-10")};
  const TrustFacts unplanned = TrustOf({school});
  MeasureReadings none(unplanned, Ask(kNorthgate, Open("2025-09-16")));
  for (MeasureId id : {MeasureId::kDropInDays, MeasureId::kVisits, MeasureId::kClassCoverage}) {
    const MeasureSummary summary = none.Summary(id, D("2025-09-01"));
    EXPECT_EQ(summary.latest().no_value_reason(), evidence::v1::NO_CALENDAR);
    EXPECT_EQ(summary.trend_size(), 0);
  }
  // Days since a visit need none.
  EXPECT_EQ(Say(none.Summary(MeasureId::kDaysSinceVisit, D("2025-09-01")).latest()), "16 Sep: 6");
}

TEST(SummaryTest, DaysSinceAVisitRollThroughHolidays) {
  SchoolFacts school = School();
  school.visits = {D("2026-07-15")};
  const TrustFacts facts = TrustOf({school});
  MeasureReadings holiday(facts, Ask(kNorthgate, Open("2026-08-14")));
  const MeasureSummary summary = holiday.Summary(MeasureId::kDaysSinceVisit, D("2025-09-01"));
  EXPECT_EQ(Say(summary.latest()), "14 Aug: 30");
  EXPECT_EQ(summary.latest().band(), evidence::v1::RED);
  EXPECT_EQ(summary.trend_size(), 12);
  EXPECT_EQ(Say(summary.trend(9)), "Week 39: 4");
  EXPECT_EQ(Say(holiday.Summary(MeasureId::kDropInDays, D("2025-09-01")).latest()), "Week 40: NOTHING_CONCLUDED")
      << "a week of INSET only";
}

// A school whose half-term holiday is a week earlier.
SchoolFacts Earlier() {
  SchoolFacts school = School(kSouthgate);
  calendar::AcademicYearInput year = calendar::Year2025();
  year.terms[0].half_term_start = D("2025-10-20");
  year.terms[0].half_term_end = D("2025-10-24");
  school.calendar = Share(calendar::BuildOrDie({year}));
  return school;
}

TEST(TrustTest, AddsNumeratorsAndDenominators) {
  SchoolFacts north = School(), south = Earlier(), vacant = School("trusts/acorn/schools/westgate");
  DropIn(north, {"2025-09-08", "2025-09-09"});
  DropIn(south, {"2025-09-08", "2025-10-28"});
  vacant.headteachers.clear();
  const TrustFacts facts = TrustOf({north, south, vacant});
  MeasureReadings readings(facts, Ask("trusts/acorn", Closed("2025-10-31")));
  const MeasureSummary summary = readings.Summary(MeasureId::kDropInDays, D("2025-09-01"));
  EXPECT_THAT(SayAll(summary.trend()), ElementsAre("Week 1: 0/6", "Week 2: 3/10", "Week 3: 0/10", "Week 4: 0/10", "Week 5: 0/10",
                                                   "Week 6: 0/10", "Week 7: 0/10", "Week 8: 0/5", "Week 8: 1/5"));
  EXPECT_EQ(Day(summary.latest().period().start_date()), "2025-10-27");
  EXPECT_EQ(summary.latest().scope(), "trusts/acorn");
}

TEST(TrustTest, EachSchoolCountsInItsOwnHalfTerm) {
  SchoolFacts north = School(), south = Earlier();
  // In the holiday of one, in the half term of the other.
  north.visits = {D("2025-10-22")};
  south.visits = {D("2025-10-28"), D("2025-10-29"), D("2025-10-30")};
  const TrustFacts facts = TrustOf({north, south});
  MeasureReadings readings(facts, Ask("trusts/acorn", Closed("2025-10-31")));
  const MeasureSummary visits = readings.Summary(MeasureId::kVisits, D("2025-09-01"));
  EXPECT_THAT(SayAll(visits.trend()), ElementsAre("Autumn 1: 1/2", "Autumn 2: 3/1"));
  EXPECT_EQ(Day(visits.trend(0).period().start_date()), "2025-09-01");
  EXPECT_EQ(Day(visits.trend(0).period().end_date()), "2025-10-26");
  const MeasureSummary seen = readings.Summary(MeasureId::kSchoolsSeen, D("2025-09-01"));
  EXPECT_THAT(SayAll(seen.trend()), ElementsAre("Autumn 1: 1/2", "Autumn 2: 1/1"));
  EXPECT_EQ(seen.trend(0).band(), evidence::v1::RED);
}

TEST(TrustTest, ASchoolWithoutCalendarIsUnseenAndNotForgotten) {
  SchoolFacts north = School(), south = School(kSouthgate), closed = School("trusts/acorn/schools/westgate");
  north.visits = {D("2025-09-10")};
  south.calendar = std::make_shared<const calendar::SchoolCalendar>();
  south.visits = {D("2025-06-10")};
  closed.open.end = D("2025-08-31");
  const TrustFacts facts = TrustOf({north, south, closed});
  MeasureReadings readings(facts, Ask("trusts/acorn", Open("2025-09-16")));
  EXPECT_THAT(SayAll(readings.Summary(MeasureId::kSchoolsSeen, D("2025-09-01")).trend()), ElementsAre("Autumn 1: 1/2"));
  EXPECT_THAT(SayAll(readings.Summary(MeasureId::kVisits, D("2025-09-01")).trend()), ElementsAre("Autumn 1: 1/1"));
  // The longest wait of any school that has been visited.
  EXPECT_EQ(Say(readings.Summary(MeasureId::kDaysSinceVisit, D("2025-09-01")).latest()), "Week 3: 98");
  EXPECT_TRUE(readings.Covers(MeasureId::kSchoolsSeen));
  MeasureReadings of_school(facts, Ask(kNorthgate, Open("2025-09-16")));
  EXPECT_FALSE(of_school.Covers(MeasureId::kSchoolsSeen));
}

TEST(TrustTest, WithoutSchoolsThereIsNoCalendar) {
  const TrustFacts facts = TrustOf({});
  MeasureReadings readings(facts, Ask("trusts/acorn", Open("2025-09-16")));
  EXPECT_EQ(readings.Summary(MeasureId::kSchoolsSeen, D("2025-09-01")).latest().no_value_reason(), evidence::v1::NO_CALENDAR);
  EXPECT_EQ(readings.Summary(MeasureId::kDaysSinceVisit, D("2025-09-01")).latest().no_value_reason(),
            evidence::v1::NOTHING_CONCLUDED);
}

TEST(ListTest, GivesThePeriodsOfTheKindThatTouchTheSpan) {
  SchoolFacts school = School();
  DropIn(school, {"2025-09-08", "2025-09-09", "2025-11-05"});
  const TrustFacts facts = TrustOf({school});
  MeasureReadings readings(facts, Ask(kNorthgate, Open("2025-11-06")));
  using evidence::v1::PeriodKind;
  const auto list = [&](PeriodKind kind, const char* start, const char* end) {
    return SayAll(readings.List(MeasureId::kDropInDays, kind, {D(start), D(end)}));
  };
  EXPECT_THAT(list(evidence::v1::PERIOD_KIND_UNSPECIFIED, "2025-09-10", "2025-09-15"), ElementsAre("Week 2: 2/5", "Week 3: 0/5"));
  EXPECT_THAT(list(evidence::v1::HALF_TERM, "2025-09-10", "2026-08-31"), ElementsAre("Autumn 1: 2/38", "Autumn 2: 1/3"));
  EXPECT_THAT(list(evidence::v1::TERM, "2025-12-01", "2025-12-02"), ElementsAre());
  EXPECT_THAT(list(evidence::v1::TERM, "2025-11-06", "2025-12-02"), ElementsAre("Autumn: 3/41"));
  EXPECT_THAT(list(evidence::v1::ACADEMIC_YEAR, "2025-09-01", "2025-09-01"), ElementsAre("2025/26: 3/41"));
  EXPECT_THAT(list(evidence::v1::DAY, "2025-09-08", "2025-09-13"),
              ElementsAre("Mon 8 Sep: 1/1", "Tue 9 Sep: 1/1", "Wed 10 Sep: 0/1", "Thu 11 Sep: 0/1", "Fri 12 Sep: 0/1"));
  EXPECT_THAT(list(evidence::v1::DAY, "2025-11-05", "2025-11-30"), ElementsAre("Wed 5 Nov: 1/1", "Thu 6 Nov: NOTHING_CONCLUDED"));
  EXPECT_THAT(list(evidence::v1::WEEK, "2025-10-27", "2025-10-31"), ElementsAre());
  EXPECT_THAT(list(evidence::v1::WEEK, "2020-10-27", "2020-10-31"), ElementsAre(": NO_CALENDAR"));
}

TEST(ListTest, KeepsTheNewestFourHundred) {
  const TrustFacts facts = TrustOf({School()});
  MeasureReadings readings(facts, Ask(kNorthgate, Closed("2027-08-31")));
  const auto days = readings.List(MeasureId::kDropInDays, evidence::v1::DAY, {D("2025-09-01"), D("2027-08-31")});
  EXPECT_EQ(days.size(), 380u);  // all there are: 190 a year
  EXPECT_EQ(Day(days.front().period().start_date()), "2025-09-03");
  EXPECT_LE(days.size(), static_cast<std::size_t>(evidence::kMaxReadings));
}

TEST(FactsFromTest, ReachesBackToTheStartOfTheYearAndItsFirstWeek) {
  EXPECT_EQ(FactsFrom(D("2026-03-04")), D("2025-08-26"));
  EXPECT_EQ(FactsFrom(D("2025-09-01")), D("2025-08-26"));
}

}  // namespace
}  // namespace fivestrand::leadership::domain
