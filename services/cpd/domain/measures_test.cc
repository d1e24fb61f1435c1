#include "services/cpd/domain/measures.h"

#include <gtest/gtest.h>

#include "platform/calendar/test_calendars.h"

namespace fivestrand::cpd::domain {
namespace {

using calendar::D;
using calendar::DayRange;

const AsOf kAfterwards{absl::CivilDay(2027, 1, 10), false};
const DayRange kAutumn1{absl::CivilDay(2026, 9, 1), absl::CivilDay(2026, 10, 23)};
const DayRange kAutumn2{absl::CivilDay(2026, 11, 2), absl::CivilDay(2026, 12, 18)};

SchoolFacts School() {
  SchoolFacts school;
  calendar::SchoolCalendarInput input;
  input.years = {calendar::Year2026()};
  auto built = calendar::SchoolCalendar::Build(input);
  EXPECT_TRUE(built.ok()) << built.status();
  school.calendar = std::make_shared<const calendar::SchoolCalendar>(*std::move(built));
  return school;
}

TEST(MeasuresTest, ACycleCountsInEveryPeriodThatItTouches) {
  SchoolFacts school = School();
  school.cycles.push_back({.days = {D("2026-10-20"), D("2026-11-05")}, .held = {}});
  school.cycles.push_back({.days = {D("2026-11-20"), kAlways.end}, .held = {}});
  // Given up before it began.
  school.cycles.push_back({.days = {D("2026-12-01"), D("2026-11-10")}, .held = {}});
  EXPECT_EQ(FigureOf(MeasureId::kActiveCycles, school, kAutumn1, kAfterwards).numerator, 1);
  EXPECT_EQ(FigureOf(MeasureId::kActiveCycles, school, kAutumn2, kAfterwards).numerator, 2);
  EXPECT_EQ(FigureOf(MeasureId::kActiveCycles, school, kAutumn2, {D("2026-11-15"), true}).numerator, 1) << "as of then";
}

TEST(MeasuresTest, SessionsAreCountedInSchoolTime) {
  SchoolFacts school = School();
  CycleFact cycle{.days = {D("2026-09-01"), kAlways.end}, .cadence = calendar::Cadence::kHalfTermly, .held = {D("2026-10-01")}};
  school.cycles.push_back(cycle);
  const Figure first = FigureOf(MeasureId::kSessionsOnCadence, school, kAutumn1, kAfterwards);
  EXPECT_EQ(first.numerator, 1);
  EXPECT_EQ(first.denominator, 1);
  const Figure second = FigureOf(MeasureId::kSessionsOnCadence, school, kAutumn2, kAfterwards);
  EXPECT_EQ(second.numerator, 0);
  EXPECT_EQ(second.denominator, 1) << "missed";
  EXPECT_EQ(second.n, 1);
  const Figure running = FigureOf(MeasureId::kSessionsOnCadence, school, kAutumn2, {D("2026-11-24"), true});
  EXPECT_EQ(running.denominator, 0) << "still due";
}

TEST(MeasuresTest, AStepAchievedLaterDoesNotChangeAClosedPeriod) {
  SchoolFacts school = School();
  school.cycles.resize(1);
  school.steps.push_back({.due = D("2026-10-10"), .achieved = D("2026-10-12"), .cycle = 0});
  school.steps.push_back({.due = D("2026-10-20"), .achieved = D("2026-11-20"), .cycle = 0});
  school.steps.push_back({.due = D("2026-11-10"), .achieved = std::nullopt, .cycle = 0});
  const Figure figure = FigureOf(MeasureId::kStepsAchieved, school, kAutumn1, kAfterwards);
  EXPECT_EQ(figure.numerator, 1);
  EXPECT_EQ(figure.denominator, 2);
}

TEST(MeasuresTest, HoursAreSharedByWhoHoldsAPostAtTheEnd) {
  SchoolFacts school = School();
  school.attendance.push_back({D("2026-11-10"), 1, true, 90});
  school.attendance.push_back({D("2026-11-11"), 2, false, 0});
  school.attendance.push_back({D("2026-10-11"), 2, true, 60});
  school.posts.push_back({{D("2020-09-01"), kAlways.end}, 1});
  school.posts.push_back({{D("2020-09-01"), kAlways.end}, 1});  // a second post of the same person
  school.posts.push_back({{D("2020-09-01"), D("2026-12-01")}, 2});
  school.posts.push_back({{D("2026-12-10"), kAlways.end}, 3});
  const Figure figure = FigureOf(MeasureId::kHoursPerPerson, school, kAutumn2, kAfterwards);
  EXPECT_DOUBLE_EQ(figure.numerator, 1.5);
  EXPECT_EQ(figure.denominator, 2);
}

TEST(MeasuresTest, WhatIsTooSmallCannotBeWorkedOutFromTheWhole) {
  const Figure large{.numerator = 8, .denominator = 10, .n = 10}, small{.numerator = 1, .denominator = 4, .n = 4};
  Figure whole = Together(MeasureId::kLinkedToNeed, {large, large, small});
  EXPECT_EQ(whole.numerator, 16) << "without the one that the difference would show";
  EXPECT_EQ(whole.denominator, 20);
  whole = Together(MeasureId::kLinkedToNeed, {large, small, small});
  EXPECT_EQ(whole.denominator, 18) << "two together are enough";
  whole = Together(MeasureId::kLinkedToNeed, {small});
  EXPECT_FALSE(EnoughFor(MeasureId::kLinkedToNeed, whole.n));
  const Figure nobody;
  whole = Together(MeasureId::kLinkedToNeed, {large, nobody});
  EXPECT_EQ(whole.denominator, 10);
}

}  // namespace
}  // namespace fivestrand::cpd::domain
