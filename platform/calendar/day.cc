#include "platform/calendar/day.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_format.h"

namespace fivestrand::calendar {
namespace {

constexpr int kFirstAcademicYear = 1990;
constexpr int kLastAcademicYear = 2100;

// The clocks change on the last Sunday of March and of October, both at 01:00 UTC.
absl::CivilDay LastSunday(absl::civil_year_t year, int month) {
  return absl::PrevWeekday(absl::CivilDay(year, month + 1, 1), absl::Weekday::sunday);
}

bool ParseDigits(std::string_view text, int& value) {
  value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return true;
}

}  // namespace

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  int year, month, day;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !ParseDigits(text.substr(0, 4), year) ||
      !ParseDigits(text.substr(5, 2), month) || !ParseDigits(text.substr(8, 2), day)) {
    return std::nullopt;
  }
  const absl::CivilDay parsed(year, month, day);
  // CivilDay carries 31 April over into May; such a day does not exist.
  if (year == 0 || parsed.month() != month || parsed.day() != day) return std::nullopt;
  return parsed;
}

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

absl::CivilDay DayOf(absl::Time time) {
  // Infinite times have no civil time to add an hour to.
  time = std::clamp(time, absl::FromCivil(absl::CivilDay(1, 1, 1), absl::UTCTimeZone()),
                    absl::FromCivil(absl::CivilDay(9999, 12, 31), absl::UTCTimeZone()));
  const absl::CivilSecond utc = absl::ToCivilSecond(time, absl::UTCTimeZone());
  const absl::CivilSecond summer_starts = absl::CivilSecond(LastSunday(utc.year(), 3)) + 3600;
  const absl::CivilSecond summer_ends = absl::CivilSecond(LastSunday(utc.year(), 10)) + 3600;
  const bool summer = summer_starts <= utc && utc < summer_ends;
  return absl::CivilDay(summer ? utc + 3600 : utc);
}

absl::Time StartOf(absl::CivilDay day) {
  // Midnight of the day on which summer time begins is still winter time, and the other way round in October.
  const bool summer = LastSunday(day.year(), 3) < day && day <= LastSunday(day.year(), 10);
  const absl::Time midnight = absl::FromCivil(absl::CivilSecond(day), absl::UTCTimeZone());
  return summer ? midnight - absl::Hours(1) : midnight;
}

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::PrevWeekday(day + 1, absl::Weekday::monday);
}

absl::CivilDay YearAfter(absl::CivilDay day) {
  if (day.month() == 2 && day.day() == 29) return absl::CivilDay(day.year() + 1, 2, 28);
  return absl::CivilDay(day.year() + 1, day.month(), day.day());
}

int AcademicYearOf(absl::CivilDay day) {
  // Years beyond what an int holds are clamped, as no calendar reaches them.
  const std::int64_t year = day.month() >= 9 ? day.year() : day.year() - 1;
  return static_cast<int>(std::clamp<std::int64_t>(year, -1'000'000, 1'000'000));
}

DayRange AcademicYearRange(int start_year) {
  return {absl::CivilDay(start_year, 9, 1), absl::CivilDay(static_cast<absl::civil_year_t>(start_year) + 1, 8, 31)};
}

std::string AcademicYearId(int start_year) {
  return absl::StrFormat("%04d-%02d", start_year, (start_year + 1) % 100);
}

std::optional<int> ParseAcademicYearId(std::string_view id) {
  int first, second;
  if (id.size() != 7 || id[4] != '-' || !ParseDigits(id.substr(0, 4), first) || !ParseDigits(id.substr(5), second)) {
    return std::nullopt;
  }
  if (first < kFirstAcademicYear || first > kLastAcademicYear || second != (first + 1) % 100) return std::nullopt;
  return first;
}

std::string AcademicYearLabel(int start_year) {
  return absl::StrFormat("%04d/%02d", start_year, (start_year + 1) % 100);
}

}  // namespace fivestrand::calendar
