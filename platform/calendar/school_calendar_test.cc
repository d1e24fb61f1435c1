#include "platform/calendar/school_calendar.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/test_calendars.h"

namespace fivestrand::calendar {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Fields(const status::FieldViolations& wrong) {
  std::vector<std::string> fields;
  for (const status::FieldViolation& violation : wrong.violations()) fields.push_back(violation.field);
  return fields;
}

TEST(SchoolCalendar, HasTheDaysOfARealYear) {
  const SchoolCalendar calendar = TwoYears();
  EXPECT_EQ(calendar.CountSchoolDays(AcademicYearRange(2025)), 190);
  EXPECT_EQ(calendar.CountSchoolDays(AcademicYearRange(2026)), 190);
  EXPECT_EQ(calendar.CountSchoolDays({D("2020-01-01"), D("2040-01-01")}), 380);
  const int days[2][6] = {{38, 35, 29, 25, 29, 34}, {37, 35, 29, 24, 34, 31}};
  for (int year = 0; year < 2; ++year) {
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(calendar.CountSchoolDays(calendar.FindYear(2025 + year)->half_terms[i]), days[year][i]) << year << " " << i;
    }
  }
}

TEST(SchoolCalendar, KnowsWhatADayIs) {
  const SchoolCalendar calendar = BuildOrDie({WithClosures(Year2025(), {"2026-01-14"}), Year2026()});
  const std::pair<const char*, DayKind> kinds[] = {
      {"2025-08-31", DayKind::kNotPlanned},  {"2025-09-01", DayKind::kInset},       {"2025-09-03", DayKind::kSchoolDay},
      {"2025-09-06", DayKind::kWeekend},     {"2025-10-27", DayKind::kHalfTerm},    {"2025-10-25", DayKind::kWeekend},
      {"2025-12-22", DayKind::kHoliday},     {"2025-12-25", DayKind::kBankHoliday}, {"2026-01-14", DayKind::kClosure},
      {"2026-05-04", DayKind::kBankHoliday}, {"2026-05-25", DayKind::kBankHoliday}, {"2026-05-26", DayKind::kHalfTerm},
      {"2026-08-31", DayKind::kBankHoliday}, {"2026-09-03", DayKind::kSchoolDay},   {"2027-08-31", DayKind::kHoliday},
      {"2027-09-01", DayKind::kNotPlanned},
  };
  for (const auto& [day, kind] : kinds) EXPECT_EQ(calendar.KindOf(D(day)), kind) << day;
  EXPECT_EQ(calendar.NoteOf(D("2026-01-14")), "Snow");
  EXPECT_EQ(calendar.NoteOf(D("2026-05-04")), "Early May bank holiday");
  EXPECT_EQ(calendar.NoteOf(D("2026-05-05")), "");
  EXPECT_FALSE(calendar.IsSchoolDay(D("2026-01-14")));
  EXPECT_TRUE(calendar.IsPlannedSchoolDay(D("2026-01-14")));
  EXPECT_TRUE(calendar.IsPlannedInset(D("2026-07-20")));
}

TEST(SchoolCalendar, NumbersWeeks) {
  const SchoolCalendar calendar = TwoYears();
  const std::pair<const char*, int> weeks[] = {{"2025-09-01", 1},
                                               {"2025-09-07", 1},
                                               {"2025-10-26", 8},
                                               {"2025-10-29", 0},
                                               {"2025-11-03", 9},
                                               {"2025-12-21", 15},
                                               {"2025-12-29", 0},
                                               {"2026-01-05", 16},
                                               {"2026-03-23", 26},
                                               {"2026-04-06", 0},
                                               {"2026-04-13", 27},
                                               {"2026-07-20", 40},
                                               {"2026-07-27", 0},
                                               // The Monday belongs to the academic year before, its week to this one.
                                               {"2026-08-30", 0},
                                               {"2026-08-31", 1},
                                               {"2026-09-01", 1},
                                               {"2027-07-19", 40},
                                               {"2030-01-01", 0}};
  for (const auto& [day, week] : weeks) EXPECT_EQ(calendar.WeekOf(D(day)), week) << day;
}

TEST(SchoolCalendar, AClosureChangesNoNumber) {
  const SchoolCalendar before = TwoYears();
  const SchoolCalendar after =
      BuildOrDie({WithClosures(Year2025(), {"2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16"}), Year2026()});
  for (absl::CivilDay day = D("2025-09-01"); day <= D("2027-08-31"); ++day) EXPECT_EQ(before.WeekOf(day), after.WeekOf(day)) << day;
  EXPECT_EQ(after.CountSchoolDays(AcademicYearRange(2025)), 185);
}

TEST(SchoolCalendar, ATrustMayCountClosures) {
  SchoolCalendarInput input{{WithClosures(Year2025(), {"2026-01-14", "2026-06-01"})}, BankHolidays::ByRule(2025, 2026), true};
  const SchoolCalendar calendar = *SchoolCalendar::Build(input);
  EXPECT_EQ(calendar.KindOf(D("2026-01-14")), DayKind::kClosure);
  EXPECT_TRUE(calendar.IsSchoolDay(D("2026-01-14")));
  // A closed INSET day is still no school day.
  EXPECT_FALSE(calendar.IsSchoolDay(D("2026-06-01")));
  EXPECT_EQ(calendar.CountSchoolDays(AcademicYearRange(2025)), 190);
}

TEST(SchoolCalendar, CountsInSchoolDays) {
  const SchoolCalendar calendar = TwoYears();
  EXPECT_EQ(calendar.SchoolDaysBetween(D("2025-12-19"), D("2026-01-06")), 1);
  EXPECT_EQ(calendar.SchoolDaysBetween(D("2026-01-06"), D("2025-12-19")), -1);
  EXPECT_EQ(calendar.SchoolDaysBetween(D("2026-01-06"), D("2026-01-06")), 0);
  EXPECT_EQ(calendar.AddSchoolDays(D("2025-10-24"), 1), D("2025-11-03"));
  EXPECT_EQ(calendar.AddSchoolDays(D("2025-10-29"), 5), D("2025-11-07"));
  EXPECT_EQ(calendar.AddSchoolDays(D("2026-07-17"), 1), D("2026-09-03"));
  EXPECT_EQ(calendar.AddSchoolDays(D("2026-09-03"), -1), D("2026-07-17"));
  EXPECT_EQ(calendar.AddSchoolDays(D("2026-09-05"), 0), D("2026-09-05"));
  EXPECT_EQ(calendar.PreviousSchoolDay(D("2025-09-03")), std::nullopt);
  EXPECT_EQ(calendar.NextSchoolDay(D("2027-07-20")), std::nullopt);
  EXPECT_EQ(calendar.AddSchoolDays(D("2026-09-03"), 1'000'000'000), std::nullopt);
  for (absl::CivilDay day = D("2025-09-01"); day <= D("2027-08-31"); ++day) {
    for (int n : {1, 5, 20, -1, -7}) {
      if (const auto found = calendar.AddSchoolDays(day, n); found.has_value()) {
        EXPECT_TRUE(calendar.IsSchoolDay(*found));
        EXPECT_EQ(calendar.CountSchoolDays(n > 0 ? DayRange{day + 1, *found} : DayRange{*found, day - 1}), std::abs(n)) << day;
      }
    }
  }
}

TEST(SchoolCalendar, DoesNotCountAcrossAGap) {
  const SchoolCalendar calendar = BuildOrDie({Year2026(),
                                              {"2024-25",
                                               {{D("2024-09-02"), D("2024-12-20"), D("2024-10-28"), D("2024-11-01")},
                                                {D("2025-01-06"), D("2025-04-04"), D("2025-02-17"), D("2025-02-21")},
                                                {D("2025-04-22"), D("2025-07-22"), D("2025-05-26"), D("2025-05-30")}},
                                               {},
                                               {}}});
  EXPECT_EQ(calendar.KindOf(D("2025-11-05")), DayKind::kNotPlanned);
  EXPECT_EQ(calendar.NextSchoolDay(D("2025-07-22")), std::nullopt);
  EXPECT_EQ(calendar.NextSchoolDay(D("2026-08-31")), std::nullopt);
  EXPECT_FALSE(calendar.IsPlanned({D("2025-08-31"), D("2026-09-01")}));
  EXPECT_TRUE(calendar.IsPlanned({D("2024-09-01"), D("2025-08-31")}));
  EXPECT_FALSE(calendar.IsPlanned({D("2024-09-01"), D("2025-09-01")}));
  EXPECT_FALSE(calendar.IsPlanned({D("2026-08-31"), D("2026-09-01")}));
}

TEST(SchoolCalendar, AnswersForAnyDay) {
  for (const SchoolCalendar& calendar : {TwoYears(), SchoolCalendar()}) {
    for (const absl::CivilDay day :
         {absl::CivilDay::min(), absl::CivilDay::max(), absl::CivilDay(1, 1, 1), absl::CivilDay(9999, 12, 31)}) {
      EXPECT_EQ(calendar.KindOf(day), DayKind::kNotPlanned);
      EXPECT_EQ(calendar.WeekOf(day), 0);
      EXPECT_EQ(calendar.NoteOf(day), "");
      EXPECT_FALSE(calendar.IsPlanned({day, day}));
      EXPECT_EQ(calendar.AddSchoolDays(day, 3), std::nullopt);
    }
    EXPECT_EQ(calendar.CountSchoolDays({absl::CivilDay::min(), absl::CivilDay::max()}), calendar.years().empty() ? 0 : 380);
    EXPECT_EQ(calendar.CountSchoolDays({D("2026-01-10"), D("2026-01-09")}), 0);
  }
}

TEST(SchoolCalendar, ABankHolidayThatComesLaterWins) {
  std::vector<BankHoliday> holidays = BankHolidays::ByRule(2025, 2027).all();
  holidays.push_back({D("2026-06-01"), "Special bank holiday"});
  holidays.push_back({D("2026-06-02"), "Another"});
  const auto calendar = SchoolCalendar::Build({{WithClosures(Year2025(), {"2026-06-02"})}, BankHolidays(holidays)});
  ASSERT_TRUE(calendar.ok()) << calendar.status();
  EXPECT_EQ(calendar->KindOf(D("2026-06-01")), DayKind::kBankHoliday);
  EXPECT_EQ(calendar->KindOf(D("2026-06-02")), DayKind::kBankHoliday);
  EXPECT_EQ(calendar->NoteOf(D("2026-06-02")), "Another");
}

struct WrongYear {
  const char* field;
  std::function<void(AcademicYearInput&)> change;
};

TEST(Validate, NamesTheField) {
  const WrongYear cases[] = {
      {"name",
       [](auto& y) {
         y.id = "2025-27";
       }},
      {"terms",
       [](auto& y) {
         y.terms.pop_back();
       }},
      {"terms",
       [](auto& y) {
         y.terms.clear();
       }},
      {"terms[0].start_date",
       [](auto& y) {
         y.terms[0].start = D("2025-08-31");
       }},
      {"terms[2].end_date",
       [](auto& y) {
         y.terms[2].end = D("2026-09-01");
       }},
      {"terms[1].end_date",
       [](auto& y) {
         y.terms[1].end = D("2026-01-04");
       }},
      {"terms[1].start_date",
       [](auto& y) {
         y.terms[1].start = D("2025-12-19");
       }},
      {"terms[1].half_term_start_date",
       [](auto& y) {
         y.terms[1].half_term_start = D("2026-01-05");
       }},
      {"terms[1].half_term_end_date",
       [](auto& y) {
         y.terms[1].half_term_end = D("2026-02-15");
       }},
      {"terms[1].half_term_end_date",
       [](auto& y) {
         y.terms[1].half_term_end = D("2026-03-27");
       }},
      {"terms[0].half_term_start_date",
       [](auto& y) {
         y.terms[0].half_term_start = absl::CivilDay();
       }},
      {"inset_dates[1]",
       [](auto& y) {
         y.inset_days[1] = D("2025-09-06");
       }},
      {"inset_dates[1]",
       [](auto& y) {
         y.inset_days[1] = D("2025-10-28");
       }},
      {"inset_dates[1]",
       [](auto& y) {
         y.inset_days[1] = D("2026-05-04");
       }},
      {"inset_dates[1]",
       [](auto& y) {
         y.inset_days[1] = D("2025-12-23");
       }},
      {"inset_dates[1]",
       [](auto& y) {
         y.inset_days[1] = D("2024-12-23");
       }},
      {"inset_dates[1]",
       [](auto& y) {
         y.inset_days[1] = y.inset_days[0];
       }},
      {"closures[0].date",
       [](auto& y) {
         y.closures = {{D("2026-05-04"), "x"}};
       }},
      {"closures[1].date",
       [](auto& y) {
         y.closures = {{D("2026-05-05"), "x"}, {D("2026-05-05"), "y"}};
       }},
  };
  for (const WrongYear& wrong : cases) {
    AcademicYearInput year = Year2025();
    wrong.change(year);
    EXPECT_THAT(Fields(ValidateAcademicYear(year, BankHolidays::ByRule(2025, 2026))), testing::Contains(wrong.field))
        << wrong.field;
  }
  EXPECT_THAT(Fields(ValidateAcademicYear(Year2025(), BankHolidays::ByRule(2025, 2026))), IsEmpty());
  EXPECT_THAT(
      Fields(ValidateAcademicYear(WithClosures(Year2025(), {"2026-06-01", "2026-06-02"}), BankHolidays::ByRule(2025, 2026))),
      IsEmpty());
}

TEST(Validate, ReportsAllAtOnceBehindThePrefix) {
  AcademicYearInput year = Year2026();
  year.terms[0].end = D("2027-09-09");
  year.terms[1].half_term_end = D("2027-01-09");
  for (const char* prefix : {"academic_year", "academic_year."}) {
    EXPECT_THAT(Fields(ValidateAcademicYear(year, {}, prefix)),
                ElementsAre("academic_year.terms[0].end_date", "academic_year.terms[1].half_term_end_date",
                            "academic_year.terms[1].start_date"));
  }
}

TEST(Build, RefusesWhatCannotBeLaid) {
  AcademicYearInput wrong = Year2026();
  wrong.terms[1].start = D("2026-12-01");
  const auto fields = [](std::vector<AcademicYearInput> years) {
    std::vector<std::string> result;
    for (const auto& violation : status::ViolationsOf(SchoolCalendar::Build({std::move(years), {}}).status()))
      result.push_back(violation.field);
    return result;
  };
  EXPECT_THAT(fields({Year2025(), wrong}), ElementsAre("academic_years[1].terms[1].start_date"));
  EXPECT_THAT(fields({Year2025(), Year2025()}), ElementsAre("academic_years[1].name"));
  EXPECT_THAT(fields(std::vector<AcademicYearInput>(61, Year2025())), ElementsAre("academic_years"));
  EXPECT_TRUE(SchoolCalendar::Build({}).ok());
}

}  // namespace
}  // namespace fivestrand::calendar
