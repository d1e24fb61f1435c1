// Bank holidays of England and Wales: by rule, and from the government's list.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_BANK_HOLIDAYS_H_
#define FIVESTRAND_PLATFORM_CALENDAR_BANK_HOLIDAYS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace fivestrand::calendar {

struct BankHoliday {
  absl::CivilDay day;
  std::string title;
};

// An immutable list in date order, one entry a day.
class BankHolidays {
 public:
  // Largest text that ParseGovernmentJson reads, and most entries of a list.
  static constexpr std::size_t kMaxJsonBytes = 1 << 20;
  static constexpr std::size_t kMaxEntries = 2000;

  BankHolidays() = default;
  // Sorts; of two entries for a day the first stays.
  explicit BankHolidays(std::vector<BankHoliday> holidays);

  // The eight holidays of each calendar year by the standing rules: fixed days, Easter, first and last Mondays, and the next free
  // weekday for one that falls on a weekend. Days that a government adds or moves once are in no rule and come only from data.
  // `last_year` is at most 200 years after `first_year`, else the list stops there.
  static BankHolidays ByRule(int first_year, int last_year);

  // Reads `{"england-and-wales":{"division":...,"events":[{"title","date",...}]}}` as the government publishes it; other divisions
  // and unknown keys are ignored. Anything else is INVALID_ARGUMENT that names every wrong field, for example
  // england-and-wales.events[3].date.
  static absl::StatusOr<BankHolidays> ParseGovernmentJson(std::string_view json);

  // This list, and the rules for each calendar year in the range of which this list has no day at all.
  BankHolidays WithRulesForMissingYears(int first_year, int last_year) const;

  bool Contains(absl::CivilDay day) const { return Find(day) != nullptr; }
  // Empty when the day is none. The view lives as long as this object.
  std::string_view TitleOf(absl::CivilDay day) const;
  const std::vector<BankHoliday>& all() const { return holidays_; }

 private:
  const BankHoliday* Find(absl::CivilDay day) const;

  std::vector<BankHoliday> holidays_;
};

// Easter Sunday of a Gregorian year.
absl::CivilDay EasterSunday(int year);

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_BANK_HOLIDAYS_H_
