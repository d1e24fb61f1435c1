#include "platform/calendar/bank_holidays.h"

#include <map>
#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/test_calendars.h"
#include "platform/status/status.h"

namespace fivestrand::calendar {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

std::vector<absl::CivilDay> DaysOf(const BankHolidays& holidays) {
  std::vector<absl::CivilDay> days;
  for (const BankHoliday& holiday : holidays.all()) days.push_back(holiday.day);
  return days;
}

TEST(ByRule, Gives2026And2027) {
  EXPECT_THAT(DaysOf(BankHolidays::ByRule(2026, 2027)),
              ElementsAreArray(Days({"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31",
                                     "2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03",
                                     "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28"})));
}

TEST(ByRule, MovesToTheNextFreeWeekday) {
  const BankHolidays holidays = BankHolidays::ByRule(2021, 2023);
  // Saturday and Sunday: Monday and Tuesday.
  EXPECT_EQ(holidays.TitleOf(D("2021-12-27")), "Christmas Day (substitute day)");
  EXPECT_EQ(holidays.TitleOf(D("2021-12-28")), "Boxing Day (substitute day)");
  // Christmas on a Sunday leaves Boxing Day on its Monday.
  EXPECT_EQ(holidays.TitleOf(D("2022-12-26")), "Boxing Day");
  EXPECT_EQ(holidays.TitleOf(D("2022-12-27")), "Christmas Day (substitute day)");
  EXPECT_EQ(holidays.TitleOf(D("2022-01-03")), "New Year's Day (substitute day)");
  EXPECT_EQ(holidays.TitleOf(D("2023-01-02")), "New Year's Day (substitute day)");
  EXPECT_EQ(holidays.TitleOf(D("2023-01-01")), "");
  // Proclaimed once, so by no rule.
  EXPECT_FALSE(holidays.Contains(D("2022-09-19")));
  EXPECT_FALSE(holidays.Contains(D("2023-05-08")));
}

TEST(ByRule, EightWeekdaysEveryYear) {
  const BankHolidays holidays = BankHolidays::ByRule(1980, 2100);
  std::map<absl::civil_year_t, int> in_year;
  for (const BankHoliday& holiday : holidays.all()) {
    EXPECT_FALSE(IsWeekend(holiday.day)) << holiday.day;
    ++in_year[holiday.day.year()];
  }
  EXPECT_EQ(in_year.size(), 121u);
  for (const auto& [year, count] : in_year) EXPECT_EQ(count, 8) << year;
}

TEST(Easter, IsKnown) {
  for (const char* day :
       {"2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25"}) {
    EXPECT_EQ(EasterSunday(static_cast<int>(D(day).year())), D(day));
  }
}

constexpr char kGovernment[] = R"json({
  "england-and-wales": {"division": "england-and-wales", "events": [
    {"title": "Early May bank holiday (VE day)", "date": "2020-05-08", "notes": "", "bunting": true},
    {"title": "New Year’s Day", "date": "2020-01-01", "notes": "", "bunting": true},
    {"title": "Boxing Day", "date": "2020-12-28", "notes": "Substitute day", "bunting": true}]},
  "scotland": {"division": "scotland", "events": [{"title": "2nd January", "date": "2020-01-02", "notes": "", "bunting": true}]}})json";

TEST(Government, ReadsEnglandAndWales) {
  const auto holidays = BankHolidays::ParseGovernmentJson(kGovernment);
  ASSERT_TRUE(holidays.ok()) << holidays.status();
  EXPECT_THAT(DaysOf(*holidays), ElementsAreArray(Days({"2020-01-01", "2020-05-08", "2020-12-28"})));
  EXPECT_EQ(holidays->TitleOf(D("2020-05-08")), "Early May bank holiday (VE day)");
  EXPECT_FALSE(holidays->Contains(D("2020-01-02")));
}

TEST(Government, LeavesTheRulesToOtherYears) {
  const BankHolidays holidays = BankHolidays::ParseGovernmentJson(kGovernment)->WithRulesForMissingYears(2019, 2021);
  EXPECT_EQ(holidays.all().size(), 3u + 8u + 8u);
  EXPECT_FALSE(holidays.Contains(D("2020-05-04")));
  EXPECT_TRUE(holidays.Contains(D("2021-05-03")));
}

TEST(Government, NamesEveryWrongField) {
  const auto holidays = BankHolidays::ParseGovernmentJson(R"({"england-and-wales": {"events": [
      {"title": "Good Friday", "date": "2026-04-03"}, {"title": "", "date": "2026-4-6"}, {"date": 5, "title": "x"}, 7,
      {"title": "Again", "date": "2026-04-03"}, {"title": "No date"}]}})");
  EXPECT_EQ(holidays.status().code(), absl::StatusCode::kInvalidArgument);
  std::vector<std::string> fields;
  for (const status::FieldViolation& violation : status::ViolationsOf(holidays.status())) fields.push_back(violation.field);
  EXPECT_THAT(fields, testing::ElementsAre("england-and-wales.events[1].title", "england-and-wales.events[1].date",
                                           "england-and-wales.events[2].date", "england-and-wales.events[3]",
                                           "england-and-wales.events[4].date", "england-and-wales.events[5].date"));
}

TEST(Government, RefusesOtherShapes) {
  for (const char* text : {"", "[]", "null", "{", "{}", R"({"england-and-wales": 1})", R"({"england-and-wales": {}})",
                           R"({"england-and-wales": {"events": {}}})", "{\"england-and-wales\xff\": 1}"}) {
    EXPECT_EQ(BankHolidays::ParseGovernmentJson(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(BankHolidays::ParseGovernmentJson(std::string(1'000'000, '[')).ok());
  EXPECT_THAT(BankHolidays::ParseGovernmentJson(std::string(BankHolidays::kMaxJsonBytes + 1, ' ')).status().message(),
              HasSubstr("larger"));
}

TEST(Government, TakesAnyBytes) {
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = kGovernment;
    for (int changes = 1 + static_cast<int>(random() % 4); changes > 0; --changes) {
      text[random() % text.size()] = static_cast<char>(random() % 3 == 0 ? random() % 256 : "{}[]\",:0-"[random() % 9]);
    }
    const auto holidays = BankHolidays::ParseGovernmentJson(text);
    if (!holidays.ok()) {
      EXPECT_EQ(holidays.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace fivestrand::calendar
