#include "services/organisation/domain/calendar_input.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"

namespace fivestrand::organisation {
namespace {

using calendar::D;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::AcademicYear Year() {
  v1::AcademicYear year;
  year.set_name("trusts/acorn/schools/northgate/academicYears/2025-26");
  const calendar::AcademicYearInput input = calendar::Year2025();
  int season = 0;
  for (const calendar::TermDates& dates : input.terms) {
    v1::AcademicYear::Term& term = *year.add_terms();
    term.set_season(static_cast<v1::AcademicYear::Term::Season>(++season));
    *term.mutable_start_date() = calendar::ToProto(dates.start);
    *term.mutable_end_date() = calendar::ToProto(dates.end);
    *term.mutable_half_term_start_date() = calendar::ToProto(dates.half_term_start);
    *term.mutable_half_term_end_date() = calendar::ToProto(dates.half_term_end);
  }
  for (absl::CivilDay day : input.inset_days) *year.add_inset_dates() = calendar::ToProto(day);
  v1::AcademicYear::Closure& closure = *year.add_closures();
  *closure.mutable_date() = calendar::ToProto(D("2026-01-08"));
  closure.set_reason("Snow");
  return year;
}

std::vector<std::string> Fields(const status::FieldViolations& wrong) {
  std::vector<std::string> fields;
  for (const status::FieldViolation& one : wrong.violations()) fields.push_back(one.field);
  return fields;
}

TEST(ValidateAcademicYearTest, TakesAnUsualYear) {
  EXPECT_THAT(Fields(ValidateAcademicYear(Year(), calendar::BankHolidays::ByRule(2025, 2026))), IsEmpty());
}

TEST(ValidateAcademicYearTest, NamesDatesThatDoNotExistAndSeasonsOutOfOrder) {
  v1::AcademicYear year = Year();
  year.mutable_terms(1)->mutable_end_date()->set_day(0);
  year.mutable_terms(2)->set_season(v1::AcademicYear::Term::AUTUMN);
  year.mutable_inset_dates(1)->set_month(13);
  year.mutable_closures(0)->clear_date();
  const auto bank_holidays = calendar::BankHolidays::ByRule(2025, 2026);
  EXPECT_THAT(Fields(ValidateAcademicYear(year, bank_holidays)),
              ElementsAre("academic_year.terms[1].end_date", "academic_year.terms[2].season", "academic_year.inset_dates[1]",
                          "academic_year.closures[0].date"));
  EXPECT_THAT(Fields(ValidateAcademicYear(year, bank_holidays, "")).front(), "terms[1].end_date");
}

TEST(ValidateAcademicYearTest, NamesDaysThatCannotBe) {
  v1::AcademicYear year = Year();
  *year.mutable_inset_dates(0) = calendar::ToProto(D("2026-05-04"));  // a bank holiday
  *year.mutable_closures(0)->mutable_date() = calendar::ToProto(D("2025-10-28"));
  const auto wrong = Fields(ValidateAcademicYear(year, calendar::BankHolidays::ByRule(2025, 2026)));
  EXPECT_THAT(wrong, ElementsAre("academic_year.inset_dates[0]", "academic_year.closures[0].date"));
}

TEST(BuildCalendarTest, KnowsEveryKindOfDay) {
  v1::BankHoliday kept;
  *kept.mutable_date() = calendar::ToProto(D("2026-06-12"));
  kept.set_title("Jubilee");
  auto calendar = BuildCalendar({Year()}, ToBankHolidays({kept}));
  ASSERT_TRUE(calendar.ok()) << calendar.status();
  const auto kind = [&](const char* day) {
    return v1::CalendarDay::Kind_Name(ToCalendarDay(*calendar, D(day)).kind());
  };
  EXPECT_EQ(kind("2025-09-03"), "SCHOOL_DAY");
  EXPECT_EQ(kind("2025-09-06"), "WEEKEND");
  EXPECT_EQ(kind("2025-12-22"), "HOLIDAY");
  EXPECT_EQ(kind("2025-10-28"), "HALF_TERM");
  EXPECT_EQ(kind("2025-09-01"), "INSET");
  EXPECT_EQ(kind("2025-12-25"), "BANK_HOLIDAY") << "2025 has no kept day, so the rules give it";
  EXPECT_EQ(kind("2026-06-12"), "BANK_HOLIDAY");
  EXPECT_EQ(kind("2026-05-04"), "SCHOOL_DAY") << "2026 has a kept day, so the list is the trust's";
  EXPECT_EQ(kind("2026-01-08"), "CLOSURE");
  EXPECT_EQ(kind("2026-09-01"), "NOT_PLANNED");
  const v1::CalendarDay day = ToCalendarDay(*calendar, D("2026-06-12"));
  EXPECT_EQ(day.note(), "Jubilee");
  EXPECT_EQ(day.date().day(), 12);
  EXPECT_EQ(ToCalendarDay(*calendar, D("2025-09-10")).school_week(), 2);
  EXPECT_EQ(ToCalendarDay(*calendar, D("2025-10-28")).school_week(), 0);
}

TEST(BuildCalendarTest, OfNoYearsPlansNothing) {
  auto calendar = BuildCalendar({}, calendar::BankHolidays());
  ASSERT_TRUE(calendar.ok());
  EXPECT_EQ(ToCalendarDay(*calendar, D("2025-09-03")).kind(), v1::CalendarDay::NOT_PLANNED);
}

TEST(BuildCalendarTest, RefusesAStoredYearThatCannotBe) {
  v1::AcademicYear year = Year();
  year.mutable_terms(0)->clear_end_date();
  EXPECT_EQ(BuildCalendar({year}, {}).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace fivestrand::organisation
