#include "services/leadership/domain/measures_school.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/adherence.h"
#include "services/leadership/domain/measures_test_facts.h"

namespace fivestrand::leadership::domain {
namespace {

// "2 of 5", or the name of the reason.
std::string Say(const Figure& figure) {
  if (!figure.exists()) return evidence::v1::NoValueReason_Name(figure.none);
  return std::to_string(static_cast<int>(figure.numerator)) + " of " + std::to_string(static_cast<int>(figure.denominator));
}

std::string Share(const SchoolFacts& facts, MeasureId id, const calendar::Period& period, AsOf as_of) {
  return Say(SchoolFigures(facts).Of(id, period, as_of));
}

TEST(MeasuresTest, TableIsSound) {
  EXPECT_TRUE(evidence::CheckMeasures(Measures()).ok()) << evidence::CheckMeasures(Measures());
  ASSERT_EQ(Measures().size(), 8u);
  for (std::size_t i = 0; i < Measures().size(); ++i) {
    EXPECT_EQ(FindMeasureId(Measures()[i].measure), static_cast<MeasureId>(i));
    EXPECT_NE(Measures()[i].formula.find("Source: "), std::string_view::npos);
  }
  EXPECT_EQ(DefinitionOf(MeasureId::kClassCoverage).measure, "visible-headteacher.class-coverage");
  EXPECT_EQ(FindMeasureId("visible-headteacher"), std::nullopt);
}

TEST(DropInDaysTest, CountsDaysAndNotDropIns) {
  SchoolFacts facts = School();
  DropIn(facts, {"2025-09-09", "2025-09-08", "2025-09-09", "2025-09-09"});
  DropIn(facts, {"2025-09-10"}, kOther);
  DropIn(facts, {"2025-09-13", "2025-09-15"});  // a Saturday, and the next week
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2025-09-08"), Closed("2025-09-30")), "2 of 5");
}

TEST(DropInDaysTest, OnlySchoolDaysCount) {
  SchoolFacts facts = School();
  facts.calendar = domain::Share(calendar::BuildOrDie({calendar::WithClosures(calendar::Year2025(), {"2026-01-08"})}));
  // INSET days, a bank holiday, the half-term holiday and a closure.
  DropIn(facts, {"2025-09-01", "2025-09-02", "2026-05-04", "2025-10-28", "2026-01-08"});
  DropIn(facts, {"2025-09-03", "2026-05-05", "2025-10-24", "2026-01-09"});
  const AsOf later = Closed("2026-07-31");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2025-09-01"), later), "1 of 3");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2026-05-04"), later), "1 of 4");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2025-10-20"), later), "1 of 5");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2026-01-05"), later), "1 of 3");
  EXPECT_FALSE(calendar::PeriodOf(D("2025-10-28"), calendar::Cadence::kWeekly, *facts.calendar).has_value());
  // Autumn 1 has 38 school days, and the drop-in of the holiday belongs to no half term.
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, HalfTermOf(facts, "2025-09-01"), later), "2 of 38");
  // A week of INSET only.
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2026-07-20"), later), "NOTHING_CONCLUDED");
}

TEST(DropInDaysTest, TodayCountsWhenHeldOrOver) {
  SchoolFacts facts = School();
  DropIn(facts, {"2025-09-08", "2025-09-09"});
  const calendar::Period week = WeekOf(facts, "2025-09-08");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Open("2025-09-10")), "2 of 2");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Closed("2025-09-10")), "2 of 3");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Open("2025-09-13")), "2 of 5") << "a Saturday adds nothing";
  DropIn(facts, {"2025-09-10", "2025-09-11"});
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Open("2025-09-10")), "3 of 3") << "what lies after as_of does not count";
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2025-09-15"), Open("2025-09-15")), "NOTHING_CONCLUDED");
}

TEST(DropInDaysTest, FollowThePostThroughAChangeOfHands) {
  SchoolFacts facts = School();
  // Week 5 is the last of the old head; the new one begins in the middle of week 6, so the post is vacant for two days.
  facts.headteachers = {{kHead, {D("2020-09-01"), D("2025-10-03")}}, {kOther, {D("2025-10-08"), kAlways.end}}};
  DropIn(facts, {"2025-09-29", "2025-10-03", "2025-10-06", "2025-10-09"}, kHead);
  DropIn(facts, {"2025-09-30", "2025-10-08", "2025-10-10"}, kOther);
  const AsOf later = Closed("2025-12-31");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2025-09-29"), later), "2 of 5");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2025-10-06"), later), "2 of 3");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, HalfTermOf(facts, "2025-09-03"), later), "4 of 36");
}

TEST(DropInDaysTest, NothingIsConcludedWhereThePostWasHeldForLessThanHalf) {
  SchoolFacts facts = School();
  DropIn(facts, {"2025-09-08", "2025-09-09", "2025-09-10"});
  const calendar::Period week = WeekOf(facts, "2025-09-08");
  facts.headteachers = {{kHead, {D("2020-01-01"), D("2025-09-09")}}};
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Closed("2025-09-30")), "NOTHING_CONCLUDED");
  facts.headteachers = {{kHead, {D("2020-01-01"), D("2025-09-10")}}};
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Closed("2025-09-30")), "3 of 3");
  facts.headteachers.clear();
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Closed("2025-09-30")), "NOTHING_CONCLUDED");
  // Half of the four days of the first week after the early May bank holiday.
  facts.headteachers = {{kHead, {D("2026-05-07"), kAlways.end}}};
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, WeekOf(facts, "2026-05-04"), Closed("2026-05-31")), "0 of 2");
  // Two who share the post hold it once.
  facts.headteachers = {{kHead, kAlways}, {kOther, kAlways}};
  DropIn(facts, {"2025-09-10", "2025-09-11"}, kOther);
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, week, Closed("2025-09-30")), "4 of 5");
}

TEST(DutyDaysTest, GateIsStartOrEndAndBreakIsNotLunch) {
  SchoolFacts facts = School();
  OnDuty(facts, v1::Duty::GATE_START, {"2025-09-08", "2025-09-09"});
  OnDuty(facts, v1::Duty::GATE_END, {"2025-09-09", "2025-09-11"});
  OnDuty(facts, v1::Duty::GATE_END, {"2025-09-12"}, kOther);
  OnDuty(facts, v1::Duty::BREAK, {"2025-09-08", "2025-09-08"});
  OnDuty(facts, v1::Duty::LUNCH, {"2025-09-09"});
  const calendar::Period week = WeekOf(facts, "2025-09-08");
  EXPECT_EQ(Share(facts, MeasureId::kGateDays, week, Closed("2025-09-30")), "3 of 5");
  EXPECT_EQ(Share(facts, MeasureId::kBreakDutyDays, week, Closed("2025-09-30")), "1 of 5");
}

// The same question put to the calendar library, which judges commitments of every cadence.
TEST(DailySharesTest, AgreeWithTheCalendarsAdherence) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    SchoolFacts facts = School();
    const absl::CivilDay first = D("2025-09-01");
    const absl::CivilDay change = first + static_cast<int>(random() % 300);
    const absl::CivilDay resume = change + static_cast<int>(random() % 12);
    facts.headteachers = {{kHead, {D("2020-01-01"), change}}, {kOther, {resume, kAlways.end}}};
    std::vector<absl::CivilDay> held;
    for (int i = 0; i < 200; ++i) {
      const absl::CivilDay day = first + static_cast<int>(random() % 320);
      const Key leader = random() % 2 == 0 ? kHead : kOther;
      facts.drop_ins.push_back({day, leader, 0});
      if (leader == kHead ? day <= change : day >= resume) held.push_back(day);
    }
    const AsOf as_of{first + static_cast<int>(random() % 330), random() % 2 == 0};
    const std::vector<calendar::DayRange> active = {facts.headteachers[0].days, facts.headteachers[1].days};
    const calendar::SchoolCalendar* schools[] = {facts.calendar.get()};
    const calendar::Commitment commitment{.cadence = calendar::Cadence::kDaily, .schools = schools, .held = held, .active = active};
    const auto outcomes = calendar::Evaluate(commitment, as_of.day, {.day_still_open = as_of.still_open});
    const SchoolFigures figures(facts);
    int compared = 0;
    for (calendar::Cadence cadence : {calendar::Cadence::kWeekly, calendar::Cadence::kHalfTermly, calendar::Cadence::kAnnually}) {
      for (const calendar::Period& period : calendar::Periods(cadence, *facts.calendar)) {
        const Figure figure = figures.Of(MeasureId::kDropInDays, period, as_of);
        if (!figure.exists()) continue;
        const calendar::Adherence adherence = calendar::Summarise(outcomes, period.range());
        EXPECT_EQ(figure.numerator, adherence.held) << period.label << " in round " << round;
        EXPECT_EQ(figure.denominator, adherence.concluded()) << period.label << " in round " << round;
        ++compared;
      }
    }
    EXPECT_TRUE(as_of.day < D("2025-10-10") || compared > 3) << compared;
  }
}

TEST(ModelledLessonsTest, CountThoseOfThePost) {
  SchoolFacts facts = School();
  for (const char* day : {"2025-09-08", "2025-09-08", "2025-10-24", "2025-10-28", "2025-11-03"})
    facts.modelled_lessons.push_back({D(day), kHead});
  facts.modelled_lessons.push_back({D("2025-09-10"), kOther});
  const calendar::Period autumn = HalfTermOf(facts, "2025-09-08");
  EXPECT_EQ(Share(facts, MeasureId::kModelledLessons, autumn, Closed("2025-12-31")), "3 of 1");
  EXPECT_EQ(Share(facts, MeasureId::kModelledLessons, autumn, Closed("2025-10-01")), "2 of 1");
  facts.headteachers = {{kHead, {D("2025-10-20"), kAlways.end}}};
  EXPECT_EQ(Share(facts, MeasureId::kModelledLessons, autumn, Closed("2025-12-31")), "NOTHING_CONCLUDED");
}

TEST(VisitsTest, CountInTheHalfTerm) {
  SchoolFacts facts = School();
  for (const char* day : {"2025-10-24", "2025-09-01", "2025-10-27", "2025-11-03"}) facts.visits.push_back(D(day));
  const calendar::Period autumn = HalfTermOf(facts, "2025-09-08");
  EXPECT_EQ(Share(facts, MeasureId::kVisits, autumn, Closed("2025-12-31")), "2 of 1");
  EXPECT_EQ(Share(facts, MeasureId::kVisits, autumn, Closed("2025-09-30")), "1 of 1");
  EXPECT_EQ(Share(facts, MeasureId::kVisits, HalfTermOf(facts, "2026-01-05"), Closed("2026-03-01")), "0 of 1");
  EXPECT_EQ(Share(facts, MeasureId::kSchoolsSeen, HalfTermOf(facts, "2026-01-05"), Closed("2026-03-01")), "0 of 1");
}

TEST(DaysSinceVisitTest, CountCalendarDaysToTheEndOfTheWeekOrToday) {
  SchoolFacts facts = School();
  const calendar::Period week = WeekOf(facts, "2025-09-08");
  EXPECT_EQ(Share(facts, MeasureId::kDaysSinceVisit, week, Closed("2025-09-30")), "NOT_KEPT_YET");
  facts.visits = {D("2025-09-09"), D("2025-09-02"), D("2025-09-16")};
  EXPECT_EQ(Share(facts, MeasureId::kDaysSinceVisit, week, Closed("2025-09-30")), "5 of 1");
  EXPECT_EQ(Share(facts, MeasureId::kDaysSinceVisit, week, Open("2025-09-08")), "6 of 1");
  EXPECT_EQ(Share(facts, MeasureId::kDaysSinceVisit, week, Open("2025-09-09")), "0 of 1");
  // Across the October clock change a day is still a day.
  EXPECT_EQ(Share(facts, MeasureId::kDaysSinceVisit, WeekOf(facts, "2025-11-03"), Open("2025-11-03")), "48 of 1");
}

TEST(ClassCoverageTest, CountsClassesOfTheYearOnce) {
  SchoolFacts facts = School();
  facts.classes = {{0, 2025}, {1, 2025}, {2, 2025}, {3, 2026}};
  const calendar::Period autumn = HalfTermOf(facts, "2025-09-08");
  DropIn(facts, {"2025-09-08", "2025-09-09"}, kOther, 0);
  DropIn(facts, {"2025-10-24"}, kHead, 1);
  DropIn(facts, {"2025-11-04"}, kHead, 2);
  DropIn(facts, {"2025-09-10"}, kHead, 3);  // a class of another year
  DropIn(facts, {"2025-09-10"}, kHead, 9);  // a class that was deleted
  EXPECT_EQ(Share(facts, MeasureId::kClassCoverage, autumn, Closed("2025-12-31")), "2 of 3");
  EXPECT_EQ(Share(facts, MeasureId::kClassCoverage, autumn, Closed("2025-09-30")), "1 of 3");
  EXPECT_EQ(Share(facts, MeasureId::kClassCoverage, HalfTermOf(facts, "2026-09-10"), Closed("2026-09-30")), "0 of 1");
  facts.classes.clear();
  EXPECT_EQ(Share(facts, MeasureId::kClassCoverage, autumn, Closed("2025-12-31")), "NOT_KEPT_YET");
}

TEST(SchoolFiguresTest, NeedASchoolThatWasOpenForHalfOfThePeriod) {
  SchoolFacts facts = School();
  facts.visits = {D("2025-10-20")};
  DropIn(facts, {"2025-10-20"});
  const calendar::Period autumn = HalfTermOf(facts, "2025-09-08");
  facts.open.start = D("2025-10-13");
  EXPECT_EQ(Share(facts, MeasureId::kVisits, autumn, Closed("2025-12-31")), "NOTHING_CONCLUDED");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, autumn, Closed("2025-12-31")), "NOTHING_CONCLUDED");
  facts.open.start = D("2025-09-15");
  EXPECT_EQ(Share(facts, MeasureId::kVisits, autumn, Closed("2025-12-31")), "1 of 1");
  EXPECT_EQ(Share(facts, MeasureId::kDropInDays, autumn, Closed("2025-12-31")), "1 of 30");
  facts.open = {kAlways.end, kAlways.start};  // not running at all
  EXPECT_EQ(Share(facts, MeasureId::kVisits, autumn, Closed("2025-12-31")), "NOTHING_CONCLUDED");
  EXPECT_EQ(Share(facts, MeasureId::kDaysSinceVisit, autumn, Closed("2025-12-31")), "NOTHING_CONCLUDED");
}

}  // namespace
}  // namespace fivestrand::leadership::domain
