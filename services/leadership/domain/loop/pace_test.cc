#include "services/leadership/domain/loop/pace.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/calendar/timestamp.h"
#include "services/leadership/domain/loop/school_days.h"
#include "services/leadership/domain/loop/stamps.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;

std::vector<Step> Steps(std::initializer_list<int> happened, std::initializer_list<int> open = {}) {
  std::vector<Step> steps;
  for (int days : happened) steps.push_back({days, true});
  for (int days : open) steps.push_back({days, false});
  return steps;
}

TEST(PaceTest, WithoutOpenOnesItIsThePlainMedian) {
  const v1::PaceTime time = PaceOf(Steps({5, 1, 3, 2, 4}));
  EXPECT_EQ(time.median(), 3);
  EXPECT_EQ(time.ninetieth(), 5);
  EXPECT_EQ(time.happened(), 5);
  EXPECT_EQ(time.open(), 0);
  EXPECT_EQ(PaceOf(Steps({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})).median(), 5);
  EXPECT_EQ(PaceOf(Steps({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})).ninetieth(), 9);
}

TEST(PaceTest, TooFewNoFigure) {
  const v1::PaceTime time = PaceOf(Steps({1, 2}, {3, 4}));
  EXPECT_FALSE(time.has_median());
  EXPECT_FALSE(time.has_ninetieth());
  EXPECT_EQ(time.happened(), 2);
  EXPECT_EQ(time.open(), 2);
}

TEST(PaceTest, OpenOnesCountAsAtLeastTheirAge) {
  // By hand: at 6 three of seven (4/7 left), at 7 one of the four (3/7 left).
  EXPECT_EQ(PaceOf(Steps({6, 6, 6, 7}, {10, 11, 12})).median(), 7);
  // 6: 1 - 3/7 = 0.571; the one of 6 that is open leaves; 7: of 3 one: 0.381.
  EXPECT_EQ(PaceOf(Steps({6, 6, 6, 7}, {6, 10, 12})).median(), 7);
  // Half have not happened yet.
  const v1::PaceTime mostly_open = PaceOf(Steps({1, 2}, {30, 30, 30}));
  EXPECT_FALSE(mostly_open.has_median());
}

// What open concerns do to pace, whatever the rest: waiting longer, or one more that waits, never makes it look better.
TEST(PaceTest, LeavingConcernsUnansweredNeverLooksBetter) {
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Step> steps;
    const int n = 5 + static_cast<int>(random() % 12);
    for (int i = 0; i < n; ++i) steps.push_back({static_cast<int>(random() % 20), random() % 3 != 0});
    const auto quantiles = [](const std::vector<Step>& all) {
      const v1::PaceTime time = PaceOf(all);
      return std::pair(time.has_median() ? time.median() : 1e9, time.has_ninetieth() ? time.ninetieth() : 1e9);
    };
    const auto before = quantiles(steps);
    // A concern that was answered is left unanswered instead, and is by now at least as old.
    const auto answered = std::find_if(steps.begin(), steps.end(), [](const Step& step) { return step.happened; });
    if (answered == steps.end()) continue;
    answered->happened = false;
    answered->school_days += static_cast<int>(random() % 10);
    const auto after = quantiles(steps);
    EXPECT_GE(after.first, before.first);
    EXPECT_GE(after.second, before.second);
  }
}

v1::Concern Raised(std::string_view signal, std::string_view raised) {
  v1::Concern concern;
  concern.set_school("trusts/acorn/schools/northgate");
  concern.set_element("visible-headteacher");
  concern.set_rule(v1::OUT_OF_BAND);
  *concern.mutable_signal_date() = calendar::ToProto(D(signal));
  *concern.mutable_raise_time() = calendar::ToTimestamp(calendar::StartOf(D(raised)) + absl::Hours(8));
  return concern;
}

TEST(PaceTest, TimesAreInSchoolDaysOfTheSchool) {
  const calendar::SchoolCalendar calendar = calendar::TwoYears();
  v1::ImprovementThread thread;
  *thread.mutable_first_response_date() = calendar::ToProto(D("2026-11-03"));
  *thread.mutable_impact_date() = calendar::ToProto(D("2026-11-15"));
  // Friday 23 October, the last day before the half-term holiday.
  const v1::Concern concern = Raised("2026-10-18", "2026-10-23");
  auto fact = FactOf(concern, &thread, "visible-leadership", &calendar, D("2026-11-24"));
  ASSERT_TRUE(fact.has_value());
  EXPECT_EQ(fact->signal_to_raised->school_days, 5);
  EXPECT_EQ(fact->raised_to_response->school_days, 2) << "the holiday does not count";
  EXPECT_TRUE(fact->raised_to_response->happened);
  EXPECT_EQ(fact->response_to_impact->school_days, 8);
  // As it stood before the response, and before it was raised.
  fact = FactOf(concern, &thread, "", &calendar, D("2026-11-02"));
  EXPECT_FALSE(fact->raised_to_response->happened);
  EXPECT_EQ(fact->raised_to_response->school_days, 1);
  EXPECT_FALSE(fact->response_to_impact.has_value());
  EXPECT_FALSE(FactOf(concern, &thread, "", &calendar, D("2026-10-22")).has_value());
  // Dismissed: waited for until then.
  v1::Concern dismissed = concern;
  *dismissed.mutable_end_time() = calendar::ToTimestamp(calendar::StartOf(D("2026-11-04")));
  fact = FactOf(dismissed, nullptr, "", &calendar, D("2026-11-24"));
  EXPECT_FALSE(fact->raised_to_response->happened);
  EXPECT_EQ(fact->raised_to_response->school_days, 3);
}

TEST(PaceTest, WhatIsAboutOnePersonIsInNoFigure) {
  v1::Concern concern = Raised("2026-10-18", "2026-10-23");
  concern.set_restricted(true);
  EXPECT_FALSE(FactOf(concern, nullptr, "", nullptr, D("2026-11-24")).has_value());
}

TEST(PaceTest, RowsByEverything) {
  std::vector<PaceFact> facts;
  for (int i = 0; i < 6; ++i) {
    PaceFact fact{.school = i < 5 ? "s1" : "", .strand = "st", .element = i % 2 ? "e1" : "e2", .rule = "STALE"};
    fact.raised_to_response = Step{i, true};
    facts.push_back(fact);
  }
  const std::vector<v1::PaceRow> rows = PaceRows(facts);
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(rows[0].by(), "");
  EXPECT_EQ(rows[0].raised_to_response().happened(), 6);
  EXPECT_EQ(rows[1].by(), "school");
  EXPECT_EQ(rows[1].key(), "s1");
  EXPECT_EQ(rows[1].raised_to_response().median(), 2);
  EXPECT_EQ(rows[2].by(), "strand");
  EXPECT_EQ(rows[3].key(), "e1");
  EXPECT_FALSE(rows[3].raised_to_response().has_median()) << "three are too few";
  EXPECT_EQ(rows[5].by(), "rule");
}

TEST(SchoolDaysTest, WhatIsNotPlannedCountsByWeekdays) {
  EXPECT_EQ(SchoolDays(nullptr, D("2026-11-06"), D("2026-11-09")), 1);
  EXPECT_EQ(SchoolDays(nullptr, D("2026-11-09"), D("2026-11-09")), 0);
  EXPECT_EQ(SchoolDays(nullptr, D("2026-11-09"), D("2026-11-02")), 0);
  EXPECT_EQ(SchoolDays(nullptr, D("2026-11-02"), D("2026-11-16")), 10);
  EXPECT_EQ(SchoolDays(nullptr, D("2026-11-07"), D("2026-11-08")), 0);
  const calendar::SchoolCalendar calendar = calendar::TwoYears();
  EXPECT_EQ(SchoolDays(&calendar, D("2026-10-23"), D("2026-11-02")), 1);
  // Beyond the last planned year.
  EXPECT_EQ(SchoolDays(&calendar, D("2027-08-27"), D("2027-09-03")), 3);
}

}  // namespace
}  // namespace fivestrand::leadership::domain
