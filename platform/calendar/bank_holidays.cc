#include "platform/calendar/bank_holidays.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "nlohmann/json.hpp"

#include "platform/calendar/day.h"
#include "platform/calendar/text.h"
#include "platform/status/status.h"

namespace fivestrand::calendar {
namespace {

using nlohmann::json;

constexpr std::string_view kDivision = "england-and-wales";
constexpr std::size_t kMaxTitleBytes = 80;
constexpr int kMaxYearsByRule = 200;

absl::CivilDay FirstMonday(int year, int month) {
  return absl::NextWeekday(absl::CivilDay(year, month, 1) - 1, absl::Weekday::monday);
}

absl::CivilDay LastMonday(int year, int month) {
  return absl::PrevWeekday(absl::CivilDay(year, month + 1, 1), absl::Weekday::monday);
}

void AddYear(int year, std::vector<BankHoliday>& holidays) {
  const absl::CivilDay easter = EasterSunday(year);
  std::vector<BankHoliday> fixed = {{absl::CivilDay(year, 1, 1), "New Year's Day"},
                                    {absl::CivilDay(year, 12, 25), "Christmas Day"},
                                    {absl::CivilDay(year, 12, 26), "Boxing Day"}};
  std::set<absl::CivilDay> taken;
  for (const BankHoliday& holiday : fixed) {
    if (!IsWeekend(holiday.day)) taken.insert(holiday.day);
  }
  for (BankHoliday& holiday : fixed) {
    if (!IsWeekend(holiday.day)) continue;
    while (IsWeekend(holiday.day) || taken.contains(holiday.day)) ++holiday.day;
    taken.insert(holiday.day);
    holiday.title += " (substitute day)";
  }
  std::move(fixed.begin(), fixed.end(), std::back_inserter(holidays));
  holidays.push_back({easter - 2, "Good Friday"});
  holidays.push_back({easter + 1, "Easter Monday"});
  holidays.push_back({FirstMonday(year, 5), "Early May bank holiday"});
  holidays.push_back({LastMonday(year, 5), "Spring bank holiday"});
  holidays.push_back({LastMonday(year, 8), "Summer bank holiday"});
}

// A member that must be a string; adds a violation and returns null when it is not.
const std::string* StringMember(const json& event, const char* key, const std::string& path, status::FieldViolations& wrong) {
  const auto found = event.find(key);
  if (found == event.end()) {
    wrong.Add(Cat(path, ".", key), "is missing");
    return nullptr;
  }
  if (!found->is_string()) {
    wrong.Add(Cat(path, ".", key), "must be a string");
    return nullptr;
  }
  return found->get_ptr<const std::string*>();
}

void ReadEvent(const json& event, const std::string& path, std::set<absl::CivilDay>& seen, std::vector<BankHoliday>& holidays,
               status::FieldViolations& wrong) {
  if (!event.is_object()) {
    wrong.Add(path, "must be an object");
    return;
  }
  const std::string* title = StringMember(event, "title", path, wrong);
  const std::string* date = StringMember(event, "date", path, wrong);
  if (title != nullptr && (title->empty() || title->size() > kMaxTitleBytes)) {
    wrong.Add(Cat(path, ".title"), Cat("must be 1 to ", kMaxTitleBytes, " bytes long"));
    title = nullptr;
  }
  if (date == nullptr) return;
  const std::optional<absl::CivilDay> day = ParseDay(*date);
  if (!day.has_value()) {
    wrong.Add(Cat(path, ".date"), "must be a date written YYYY-MM-DD");
    return;
  }
  if (!seen.insert(*day).second) {
    wrong.Add(Cat(path, ".date"), Cat(FormatDay(*day), " is listed twice"));
    return;
  }
  if (title != nullptr) holidays.push_back({*day, *title});
}

}  // namespace

BankHolidays::BankHolidays(std::vector<BankHoliday> holidays) : holidays_(std::move(holidays)) {
  std::stable_sort(holidays_.begin(), holidays_.end(), [](const BankHoliday& a, const BankHoliday& b) { return a.day < b.day; });
  const auto same_day = [](const BankHoliday& a, const BankHoliday& b) {
    return a.day == b.day;
  };
  holidays_.erase(std::unique(holidays_.begin(), holidays_.end(), same_day), holidays_.end());
}

BankHolidays BankHolidays::ByRule(int first_year, int last_year) {
  return BankHolidays().WithRulesForMissingYears(first_year, last_year);
}

BankHolidays BankHolidays::WithRulesForMissingYears(int first_year, int last_year) const {
  std::set<absl::civil_year_t> known;
  for (const BankHoliday& holiday : holidays_) known.insert(holiday.day.year());
  std::vector<BankHoliday> holidays = holidays_;
  for (int years = 0; years <= kMaxYearsByRule && first_year + years <= last_year; ++years) {
    if (!known.contains(first_year + years)) AddYear(first_year + years, holidays);
  }
  return BankHolidays(std::move(holidays));
}

absl::StatusOr<BankHolidays> BankHolidays::ParseGovernmentJson(std::string_view text) {
  if (text.size() > kMaxJsonBytes) return status::InvalidField("", Cat("the file is larger than ", kMaxJsonBytes, " bytes"));
  const json document = json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return status::InvalidField("", "the file is not JSON");
  if (!document.is_object()) return status::InvalidField("", "the file must hold a JSON object");
  const auto division = document.find(kDivision);
  if (division == document.end()) return status::InvalidField(kDivision, "is missing");
  if (!division->is_object()) return status::InvalidField(kDivision, "must be an object");
  const std::string path = Cat(kDivision, ".events");
  const auto events = division->find("events");
  if (events == division->end()) return status::InvalidField(path, "is missing");
  if (!events->is_array()) return status::InvalidField(path, "must be a list");
  if (events->size() > kMaxEntries) return status::InvalidField(path, Cat("has more than ", kMaxEntries, " entries"));

  std::vector<BankHoliday> holidays;
  std::set<absl::CivilDay> seen;
  status::FieldViolations wrong;
  for (std::size_t i = 0; i < events->size(); ++i) {
    ReadEvent((*events)[i], Cat(path, "[", i, "]"), seen, holidays, wrong);
  }
  if (!wrong.empty()) return wrong.ToStatus();
  return BankHolidays(std::move(holidays));
}

const BankHoliday* BankHolidays::Find(absl::CivilDay day) const {
  const auto found = std::lower_bound(holidays_.begin(), holidays_.end(), day,
                                      [](const BankHoliday& holiday, absl::CivilDay wanted) { return holiday.day < wanted; });
  return found != holidays_.end() && found->day == day ? &*found : nullptr;
}

std::string_view BankHolidays::TitleOf(absl::CivilDay day) const {
  const BankHoliday* found = Find(day);
  return found == nullptr ? std::string_view() : std::string_view(found->title);
}

// The Gregorian reckoning as published by an anonymous correspondent of Nature in 1876.
absl::CivilDay EasterSunday(int year) {
  const int a = year % 19;
  const int b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return absl::CivilDay(year, sum / 31, sum % 31 + 1);
}

}  // namespace fivestrand::calendar
