#include "platform/calendar/period.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/test_calendars.h"

namespace fivestrand::calendar {
namespace {

using testing::ElementsAre;

std::vector<std::string> Labels(const std::vector<Period>& periods) {
  std::vector<std::string> labels;
  for (const Period& period : periods) labels.push_back(period.label);
  return labels;
}

std::vector<Period> InYear(int year, std::vector<Period> periods) {
  std::erase_if(periods, [&](const Period& period) { return period.academic_year != year; });
  return periods;
}

std::string Text(const Period& period) {
  return FormatDay(period.start) + ".." + FormatDay(period.end) + " " + period.label + " (" + std::to_string(period.school_days) +
         ")";
}

TEST(Cadence, IsNamedBothWays) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Cadence::kWithin12Months); ++i) {
    const Cadence cadence = static_cast<Cadence>(i);
    EXPECT_TRUE(names.insert(CadenceName(cadence)).second);
    EXPECT_EQ(ParseCadence(CadenceName(cadence)), cadence);
  }
  EXPECT_EQ(CadenceName(Cadence::kTermly), "termly");
  EXPECT_EQ(CadenceName(Cadence::kSixTimesAYear), "six times a year");
  EXPECT_EQ(ParseCadence("hourly"), std::nullopt);
}

TEST(Periods, CountTheYear) {
  const SchoolCalendar calendar = TwoYears();
  const struct {
    Cadence cadence;
    std::size_t first_year, second_year;
  } cases[] = {{Cadence::kDaily, 190, 190},     {Cadence::kWeekly, 40, 40},   {Cadence::kFortnightly, 19, 20},
               {Cadence::kMonthly, 11, 11},     {Cadence::kHalfTermly, 6, 6}, {Cadence::kSixTimesAYear, 6, 6},
               {Cadence::kTermly, 3, 3},        {Cadence::kTwiceAYear, 2, 2}, {Cadence::kAnnually, 1, 1},
               {Cadence::kWithin12Months, 0, 0}};
  for (const auto& expected : cases) {
    const std::vector<Period> periods = Periods(expected.cadence, calendar);
    EXPECT_EQ(InYear(2025, periods).size(), expected.first_year) << CadenceName(expected.cadence);
    EXPECT_EQ(InYear(2026, periods).size(), expected.second_year) << CadenceName(expected.cadence);
    for (std::size_t i = 1; i < periods.size(); ++i) EXPECT_LT(periods[i - 1].end, periods[i].start) << Text(periods[i]);
  }
}

TEST(Periods, AreNamedAsPeopleSayThem) {
  const SchoolCalendar calendar = BuildOrDie({Year2026()});
  EXPECT_THAT(Labels(Periods(Cadence::kHalfTermly, calendar)),
              ElementsAre("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2"));
  EXPECT_THAT(Labels(Periods(Cadence::kTermly, calendar)), ElementsAre("Autumn", "Spring", "Summer"));
  EXPECT_THAT(Labels(Periods(Cadence::kTwiceAYear, calendar)), ElementsAre("Autumn 1 to Spring 1", "Spring 2 to Summer 2"));
  EXPECT_THAT(Labels(Periods(Cadence::kAnnually, calendar)), ElementsAre("2026/27"));
  EXPECT_EQ(Labels(Periods(Cadence::kMonthly, calendar))[0], "September 2026");
  EXPECT_EQ(Labels(Periods(Cadence::kMonthly, calendar))[10], "July 2027");
  EXPECT_EQ(Labels(Periods(Cadence::kWeekly, calendar))[4], "Week 5");
  EXPECT_EQ(Labels(Periods(Cadence::kFortnightly, calendar))[2], "Weeks 5-6");
  EXPECT_EQ(Labels(Periods(Cadence::kDaily, calendar))[0], "Thu 3 Sep");
}

TEST(Periods, HaveTheirDays) {
  const SchoolCalendar calendar = TwoYears();
  const auto text = [&](Cadence cadence, const char* day) {
    return Text(PeriodOf(D(day), cadence, calendar).value_or(Period{}));
  };
  // The first week reaches back into August; term starts mid-week.
  EXPECT_EQ(text(Cadence::kWeekly, "2026-08-31"), "2026-08-31..2026-09-06 Week 1 (2)");
  EXPECT_EQ(text(Cadence::kWeekly, "2026-05-04"), "2026-05-04..2026-05-10 Week 30 (4)");
  EXPECT_EQ(text(Cadence::kWeekly, "2026-07-20"), "2026-07-20..2026-07-26 Week 40 (0)");
  EXPECT_EQ(text(Cadence::kFortnightly, "2025-12-29"), "2025-12-15..2026-01-11 Weeks 15-16 (9)");
  EXPECT_EQ(text(Cadence::kMonthly, "2026-04-01"), "2026-04-01..2026-04-30 April 2026 (14)");
  EXPECT_EQ(text(Cadence::kHalfTermly, "2025-10-26"), "2025-09-01..2025-10-26 Autumn 1 (38)");
  EXPECT_EQ(text(Cadence::kTermly, "2025-10-29"), "2025-09-01..2025-12-19 Autumn (73)");
  EXPECT_EQ(text(Cadence::kTwiceAYear, "2025-12-29"), "2025-09-01..2026-02-15 Autumn 1 to Spring 1 (102)");
  EXPECT_EQ(text(Cadence::kTwiceAYear, "2026-02-23"), "2026-02-21..2026-07-20 Spring 2 to Summer 2 (88)");
  EXPECT_EQ(text(Cadence::kAnnually, "2026-08-31"), "2025-09-01..2026-08-31 2025/26 (190)");
  EXPECT_FALSE(PeriodOf(D("2025-10-29"), Cadence::kHalfTermly, calendar).has_value());
  EXPECT_FALSE(PeriodOf(D("2025-10-29"), Cadence::kWeekly, calendar).has_value());
  EXPECT_FALSE(PeriodOf(D("2026-08-10"), Cadence::kMonthly, calendar).has_value());
  EXPECT_FALSE(PeriodOf(D("2031-01-08"), Cadence::kWeekly, calendar).has_value());
}

TEST(Periods, InARange) {
  const SchoolCalendar calendar = TwoYears();
  EXPECT_THAT(Labels(PeriodsIn({D("2025-10-22"), D("2025-11-03")}, Cadence::kWeekly, calendar)), ElementsAre("Week 8", "Week 9"));
  EXPECT_THAT(Labels(PeriodsIn({D("2026-07-20"), D("2026-08-31")}, Cadence::kWeekly, calendar)), ElementsAre("Week 40", "Week 1"));
  EXPECT_THAT(Labels(PeriodsIn({D("2026-08-01"), D("2026-08-30")}, Cadence::kWeekly, calendar)), ElementsAre());
  EXPECT_EQ(PeriodsIn({absl::CivilDay::min(), absl::CivilDay::max()}, Cadence::kDaily, calendar).size(), 380u);
}

TEST(Fortnights, ALastOddWeekMakesNoneAndInsetOnlyIsNone) {
  const SchoolCalendar calendar = BuildOrDie({Year2025()});
  // 39 weeks with school and one of INSET only.
  const std::vector<Period> usual = Periods(Cadence::kFortnightly, calendar);
  EXPECT_EQ(usual.back().label, "Weeks 37-38");
  const std::vector<Period> with_inset = Periods(Cadence::kFortnightly, calendar, {.inset_only_week_is_due = true});
  EXPECT_EQ(Text(with_inset.back()), "2026-07-13..2026-07-26 Weeks 39-40 (5)");
  EXPECT_EQ(Periods(Cadence::kWeekly, calendar, {.inset_only_week_is_due = true}).back().school_days, 1);
}

TEST(Fortnights, StartAfterAnInsetOnlyWeek) {
  AcademicYearInput year = Year2026();
  year.inset_days = Days({"2026-09-01", "2026-09-02", "2026-09-03", "2026-09-04"});
  const SchoolCalendar calendar = BuildOrDie({year});
  EXPECT_EQ(Periods(Cadence::kFortnightly, calendar)[0].label, "Weeks 2-3");
  EXPECT_EQ(Periods(Cadence::kFortnightly, calendar, {.inset_only_week_is_due = true})[0].label, "Weeks 1-2");
}

TEST(Fortnights, TheNewYearLaysANewGrid) {
  const std::vector<Period> periods = InYear(2026, Periods(Cadence::kFortnightly, TwoYears()));
  EXPECT_EQ(Text(periods[0]), "2026-08-31..2026-09-13 Weeks 1-2 (7)");
  EXPECT_EQ(periods[0].number, 1);
}

TEST(Closure, NeverRenumbersOrRemoves) {
  const AcademicYearInput snow = WithClosures(Year2025(), {"2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16"});
  for (int i = 0; i < static_cast<int>(Cadence::kWithin12Months); ++i) {
    const Cadence cadence = static_cast<Cadence>(i);
    const std::vector<Period> before = Periods(cadence, BuildOrDie({Year2025()}));
    const std::vector<Period> after = Periods(cadence, BuildOrDie({snow}));
    ASSERT_EQ(Labels(before), Labels(after));
    for (std::size_t j = 0; j < before.size(); ++j) {
      EXPECT_EQ(before[j].range(), after[j].range());
      EXPECT_EQ(before[j].number, after[j].number);
    }
  }
  EXPECT_EQ(PeriodOf(D("2026-01-12"), Cadence::kWeekly, BuildOrDie({snow}))->school_days, 0);
  EXPECT_EQ(PeriodOf(D("2026-01-12"), Cadence::kFortnightly, BuildOrDie({snow}))->school_days, 5);
  EXPECT_EQ(PeriodOf(D("2026-01-13"), Cadence::kDaily, BuildOrDie({snow}))->school_days, 0);
}

TEST(Closure, OfTheOnlySchoolDayOfAWeek) {
  AcademicYearInput year = Year2025();
  year.terms[0].end = D("2025-12-22");
  EXPECT_EQ(PeriodOf(D("2025-12-22"), Cadence::kWeekly, BuildOrDie({year}))->school_days, 1);
  const SchoolCalendar closed = BuildOrDie({WithClosures(year, {"2025-12-22"})});
  EXPECT_EQ(PeriodOf(D("2025-12-22"), Cadence::kWeekly, closed)->school_days, 0);
  EXPECT_EQ(PeriodOf(D("2025-12-22"), Cadence::kWeekly, closed)->label, "Week 16");
  EXPECT_EQ(PeriodOf(D("2026-01-05"), Cadence::kWeekly, closed)->label, "Week 17");
}

TEST(HalfTerm, OfTwoWeeks) {
  AcademicYearInput year = Year2025();
  year.terms[0].half_term_start = D("2025-10-20");
  const SchoolCalendar calendar = BuildOrDie({year});
  EXPECT_EQ(PeriodOf(D("2025-11-03"), Cadence::kWeekly, calendar)->label, "Week 8");
  EXPECT_FALSE(PeriodOf(D("2025-10-26"), Cadence::kWeekly, calendar).has_value());
  EXPECT_EQ(PeriodOf(D("2025-10-19"), Cadence::kHalfTermly, calendar)->school_days, 33);
}

TEST(Easter, InsideTheTerm) {
  // Easter Sunday is 28 March 2027; here the spring term goes on around it.
  AcademicYearInput year = Year2026();
  year.terms[1].end = D("2027-04-01");
  const SchoolCalendar calendar = BuildOrDie({year});
  EXPECT_EQ(calendar.KindOf(D("2027-03-26")), DayKind::kBankHoliday);
  EXPECT_EQ(PeriodOf(D("2027-03-22"), Cadence::kWeekly, calendar)->school_days, 4);
  EXPECT_EQ(PeriodOf(D("2027-03-29"), Cadence::kWeekly, calendar)->school_days, 3);
}

TEST(LeapDay, IsASchoolDay) {
  const SchoolCalendar calendar = BuildOrDie({{"2027-28",
                                               {{D("2027-09-01"), D("2027-12-17"), D("2027-10-25"), D("2027-10-29")},
                                                {D("2028-01-04"), D("2028-03-31"), D("2028-02-14"), D("2028-02-18")},
                                                {D("2028-04-18"), D("2028-07-21"), D("2028-05-29"), D("2028-06-02")}},
                                               {},
                                               {}}});
  EXPECT_TRUE(calendar.IsSchoolDay(D("2028-02-29")));
  EXPECT_EQ(Text(*PeriodOf(D("2028-02-29"), Cadence::kMonthly, calendar)), "2028-02-01..2028-02-29 February 2028 (16)");
  EXPECT_EQ(Text(*PeriodOf(D("2028-02-29"), Cadence::kDaily, calendar)), "2028-02-29..2028-02-29 Tue 29 Feb (1)");
}

TEST(Weeks, AWeekInTwoAcademicYearsIsSplit) {
  // Term to Monday 31 August 2020, which was no bank holiday only for this test, and from Tuesday 1 September.
  AcademicYearInput first{"2019-20",
                          {{D("2019-09-02"), D("2019-12-20"), D("2019-10-28"), D("2019-11-01")},
                           {D("2020-01-06"), D("2020-03-27"), D("2020-02-17"), D("2020-02-21")},
                           {D("2020-04-20"), D("2020-08-31"), D("2020-05-25"), D("2020-05-29")}},
                          {},
                          {}};
  AcademicYearInput second{"2020-21",
                           {{D("2020-09-01"), D("2020-12-18"), D("2020-10-26"), D("2020-10-30")},
                            {D("2021-01-04"), D("2021-03-26"), D("2021-02-15"), D("2021-02-19")},
                            {D("2021-04-12"), D("2021-07-21"), D("2021-05-31"), D("2021-06-04")}},
                           {},
                           {}};
  const SchoolCalendar calendar = *SchoolCalendar::Build({{second, first}, {}});
  EXPECT_EQ(Text(*PeriodOf(D("2020-08-31"), Cadence::kWeekly, calendar)), "2020-08-31..2020-08-31 Week 45 (1)");
  EXPECT_EQ(Text(*PeriodOf(D("2020-09-01"), Cadence::kWeekly, calendar)), "2020-09-01..2020-09-06 Week 1 (4)");
  EXPECT_EQ(calendar.WeekOf(D("2020-08-31")), 45);
  EXPECT_EQ(calendar.WeekOf(D("2020-09-01")), 1);
}

class Series : public testing::Test {
 protected:
  // The second school has its autumn half term a fortnight earlier and starts a week later.
  Series() {
    AcademicYearInput other = Year2025();
    other.terms[0] = {D("2025-09-08"), D("2025-12-12"), D("2025-10-13"), D("2025-10-17")};
    other.inset_days = Days({"2025-09-08"});
    first_ = BuildOrDie({Year2025(), Year2026()});
    second_ = BuildOrDie({other});
  }

  std::vector<Period> Of(Cadence cadence) const {
    const SchoolCalendar* both[] = {&first_, &second_};
    return Periods(cadence, both);
  }

  SchoolCalendar first_, second_;
};

TEST_F(Series, AWeekIsOneWhenEverySchoolIsOpenInIt) {
  const std::vector<Period> weeks = Of(Cadence::kWeekly);
  std::vector<std::string> starts;
  for (const Period& week : weeks) starts.push_back(FormatDay(week.start));
  EXPECT_EQ(starts[0], "2025-09-08");
  for (const char* holiday : {"2025-09-01", "2025-10-13", "2025-10-27", "2025-12-15"}) {
    EXPECT_THAT(starts, testing::Not(testing::Contains(holiday)));
  }
  // The schools count it as their second and first week.
  EXPECT_EQ(weeks[0].label, "w/c 8 Sep");
  for (const Period& week : weeks) EXPECT_EQ(week.academic_year, 2025) << "only one school plans 2026/27";
}

TEST_F(Series, TheNthHalfTermRunsFromTheEarliestStartToTheLatestEnd) {
  const std::vector<Period> half_terms = Of(Cadence::kHalfTermly);
  ASSERT_EQ(half_terms.size(), 6u);
  EXPECT_EQ(half_terms[0].range(), (DayRange{D("2025-09-01"), D("2025-10-26")}));
  EXPECT_EQ(half_terms[1].range(), (DayRange{D("2025-10-18"), D("2025-12-19")}));
  EXPECT_EQ(Of(Cadence::kTermly)[0].range(), (DayRange{D("2025-09-01"), D("2025-12-19")}));
}

TEST_F(Series, ADayCountsWhenEverySchoolIsOpen) {
  const std::vector<Period> days = Of(Cadence::kDaily);
  EXPECT_EQ(days[0].start, D("2025-09-09"));
  EXPECT_EQ(days[0].number, 1);
}

TEST_F(Series, AFortnightIsTwoOfTheirCommonWeeks) {
  const std::vector<Period> fortnights = Of(Cadence::kFortnightly);
  EXPECT_EQ(fortnights[0].range(), (DayRange{D("2025-09-08"), D("2025-09-21")}));
  EXPECT_EQ(fortnights[2].range(), (DayRange{D("2025-10-06"), D("2025-10-26")}));
}

TEST_F(Series, ASchoolClosedForTheWholeWeekMakesItNotDue) {
  AcademicYearInput snow = WithClosures(Year2025(), {"2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16"});
  const SchoolCalendar closed = BuildOrDie({snow});
  const SchoolCalendar* both[] = {&first_, &closed};
  for (const Period& week : Periods(Cadence::kWeekly, both)) {
    if (week.start == D("2026-01-12")) {
      EXPECT_EQ(week.school_days, 0);
      EXPECT_EQ(week.label, "Week 17");
    }
  }
  EXPECT_TRUE(Periods(Cadence::kWeekly, absl::Span<const SchoolCalendar* const>()).empty());
}

TEST(LastSchoolWeeks, SkipHolidays) {
  const SchoolCalendar calendar = TwoYears();
  EXPECT_EQ(LastSchoolWeeks(calendar, D("2025-11-05"), 2), (DayRange{D("2025-10-20"), D("2025-11-05")}));
  EXPECT_EQ(LastSchoolWeeks(calendar, D("2025-10-30"), 1), (DayRange{D("2025-10-20"), D("2025-10-30")}));
  EXPECT_EQ(LastSchoolWeeks(calendar, D("2026-07-31"), 1), (DayRange{D("2026-07-13"), D("2026-07-31")})) << "20 July is INSET only";
  EXPECT_EQ(LastSchoolWeeks(calendar, D("2026-09-10"), 3), (DayRange{D("2026-07-13"), D("2026-09-10")}));
  EXPECT_EQ(LastSchoolWeeks(calendar, D("2025-09-10"), 3), std::nullopt);
}

}  // namespace
}  // namespace fivestrand::calendar
