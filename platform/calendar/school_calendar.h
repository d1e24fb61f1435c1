// The calendar of one school: what each day is, and counting in school days.
//
// A school day is Monday to Friday, in a term, not in its half term, not INSET, not a bank holiday and not an unplanned closure.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_SCHOOL_CALENDAR_H_
#define FIVESTRAND_PLATFORM_CALENDAR_SCHOOL_CALENDAR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/bank_holidays.h"
#include "platform/calendar/day.h"
#include "platform/status/status.h"

namespace fivestrand::calendar {

// All days are inclusive.
struct TermDates {
  absl::CivilDay start;
  absl::CivilDay end;
  absl::CivilDay half_term_start;
  absl::CivilDay half_term_end;
};

struct Closure {
  absl::CivilDay day;
  std::string reason;
};

struct AcademicYearInput {
  std::string id;                // `2026-27`
  std::vector<TermDates> terms;  // autumn, spring, summer
  std::vector<absl::CivilDay> inset_days;
  std::vector<Closure> closures;
};

struct SchoolCalendarInput {
  std::vector<AcademicYearInput> years;  // in any order; gaps are days that are not planned
  BankHolidays bank_holidays;
  // A trust may say that a closed school still owes what is due each school day.
  bool closures_are_school_days = false;
};

// Everything that is wrong with a year that someone is about to keep: three terms, each in order, in the academic year, its half
// term strictly inside; INSET days in term and on no weekend, half term or bank holiday, once each; closures on planned days, once
// each. Paths are those of the AcademicYear resource behind `prefix`, for example academic_year.terms[1].end_date.
status::FieldViolations ValidateAcademicYear(const AcademicYearInput& year, const BankHolidays& bank_holidays,
                                             std::string_view prefix = "");

enum class DayKind : std::uint8_t {
  kSchoolDay = 1,
  kWeekend = 2,
  kHoliday = 3,
  kHalfTerm = 4,
  kInset = 5,
  kBankHoliday = 6,
  kClosure = 7,
  kNotPlanned = 8,
};

// Immutable, cheap to share; every query is O(1) and takes any day.
class SchoolCalendar {
 public:
  static constexpr std::size_t kMaxYears = 60;

  // Refuses years whose terms cannot be laid on a calendar, a year given twice, or more than kMaxYears; paths start with
  // academic_years[i]. An INSET day or closure that has since become a bank holiday is no error here: the bank holiday wins.
  static absl::StatusOr<SchoolCalendar> Build(const SchoolCalendarInput& input);

  // No year planned.
  SchoolCalendar() = default;

  DayKind KindOf(absl::CivilDay day) const;
  bool IsSchoolDay(absl::CivilDay day) const;
  // The same as if no closure had happened: what grids are laid on.
  bool IsPlannedSchoolDay(absl::CivilDay day) const;
  bool IsPlannedInset(absl::CivilDay day) const;
  // Title of the bank holiday or reason of the closure; else empty. Lives as long as this object.
  std::string_view NoteOf(absl::CivilDay day) const;
  // Number, from 1, of the Monday-Sunday week within its academic year, counting weeks with a planned school or INSET day; 0 in
  // other weeks. Closures never change it.
  int WeekOf(absl::CivilDay day) const;

  // False when any day of the range has no calendar.
  bool IsPlanned(DayRange range) const;
  // School days in the range. Days that are not planned count nothing; see IsPlanned.
  int CountSchoolDays(DayRange range) const;
  // School days after `from`, up to and including `to`: how many school days something took. Negative when `to` is before `from`.
  int SchoolDaysBetween(absl::CivilDay from, absl::CivilDay to) const;
  // The n-th school day strictly after `day` (before it when n < 0), `day` itself when n is 0. Nothing when the calendar ends or
  // has a gap before it.
  std::optional<absl::CivilDay> AddSchoolDays(absl::CivilDay day, int n) const;
  // Strictly after, strictly before.
  std::optional<absl::CivilDay> NextSchoolDay(absl::CivilDay day) const { return AddSchoolDays(day, 1); }
  std::optional<absl::CivilDay> PreviousSchoolDay(absl::CivilDay day) const { return AddSchoolDays(day, -1); }

  // A planned academic year.
  struct Year {
    int start_year;
    std::array<TermDates, 3> terms;
    // Autumn 1, Autumn 2, Spring 1, ..., Summer 2.
    std::array<DayRange, 6> half_terms;
  };
  // In order of time.
  const std::vector<Year>& years() const { return years_; }
  // Null when the year is not planned.
  const Year* FindYear(int start_year) const;

 private:
  struct Day {
    DayKind kind = DayKind::kNotPlanned;
    DayKind planned = DayKind::kNotPlanned;
    std::uint8_t week = 0;
    bool school_day = false;
    std::int32_t school_days_before = 0;
    std::int32_t unplanned_before = 0;
  };

  void LayYear(const AcademicYearInput& input, const BankHolidays& bank_holidays, bool closures_are_school_days);
  void NumberWeeks(int start_year);
  void SumUp();
  Day& At(absl::CivilDay day) { return days_[static_cast<std::size_t>(day - first_)]; }
  const Day* Find(absl::CivilDay day) const;
  // Of days before `day`, clamped to the ends.
  std::int32_t SchoolDaysBefore(absl::CivilDay day) const;
  std::int32_t UnplannedBefore(absl::CivilDay day) const;

  absl::CivilDay first_;
  std::vector<Day> days_;                  // 1 September of the first year to 31 August of the last, and one sentinel
  std::vector<std::int32_t> school_days_;  // offsets from first_
  std::vector<Year> years_;
  absl::flat_hash_map<absl::CivilDay, std::string> notes_;
};

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_SCHOOL_CALENDAR_H_
