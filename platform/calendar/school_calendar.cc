#include "platform/calendar/school_calendar.h"

#include <algorithm>
#include <set>
#include <utility>

#include "platform/calendar/text.h"

namespace fivestrand::calendar {
namespace {

// Terms, half terms and the academic year: what must hold before a year can be laid on a calendar.
void CheckTerms(const AcademicYearInput& year, std::string_view prefix, status::FieldViolations& wrong) {
  const std::optional<int> start_year = ParseAcademicYearId(year.id);
  if (!start_year.has_value()) {
    wrong.Add(Cat(prefix, "name"), "must end in an academic year such as 2026-27");
    return;
  }
  if (year.terms.size() != 3) {
    wrong.Add(Cat(prefix, "terms"), "must be three: autumn, spring and summer");
    return;
  }
  const DayRange whole = AcademicYearRange(*start_year);
  const std::string bounds = Cat("must lie from ", FormatDay(whole.start), " to ", FormatDay(whole.end));
  for (std::size_t i = 0; i < year.terms.size(); ++i) {
    const TermDates& term = year.terms[i];
    const std::string path = Cat(prefix, "terms[", i, "].");
    const auto require = [&](bool ok, std::string_view field, std::string_view description) {
      if (!ok) wrong.Add(Cat(path, field), description);
      return ok;
    };
    bool in_year = require(whole.Contains(term.start), "start_date", bounds);
    in_year = require(whole.Contains(term.end), "end_date", bounds) && in_year;
    if (in_year) require(term.start < term.end, "end_date", "must come after start_date");
    require(term.start < term.half_term_start, "half_term_start_date", "must come after start_date");
    require(term.half_term_start <= term.half_term_end, "half_term_end_date", "must not come before half_term_start_date");
    require(term.half_term_end < term.end, "half_term_end_date", "must come before end_date");
    if (i > 0) require(year.terms[i - 1].end < term.start, "start_date", "must come after the end of the term before");
  }
}

const TermDates* TermOf(const AcademicYearInput& year, absl::CivilDay day) {
  for (const TermDates& term : year.terms) {
    if (term.start <= day && day <= term.end) return &term;
  }
  return nullptr;
}

bool InHalfTerm(const TermDates& term, absl::CivilDay day) {
  return term.half_term_start <= day && day <= term.half_term_end;
}

DayKind PlannedKind(const AcademicYearInput& year, const BankHolidays& bank_holidays, absl::CivilDay day) {
  if (IsWeekend(day)) return DayKind::kWeekend;
  if (bank_holidays.Contains(day)) return DayKind::kBankHoliday;
  const TermDates* term = TermOf(year, day);
  if (term == nullptr) return DayKind::kHoliday;
  return InHalfTerm(*term, day) ? DayKind::kHalfTerm : DayKind::kSchoolDay;
}

// Why nobody can be in school on the day; empty when they can.
std::string_view NoSchoolOn(DayKind kind) {
  switch (kind) {
    case DayKind::kWeekend:
      return "falls on a weekend";
    case DayKind::kBankHoliday:
      return "falls on a bank holiday";
    case DayKind::kHalfTerm:
      return "falls in a half-term holiday";
    case DayKind::kHoliday:
      return "lies in no term";
    default:
      return "";
  }
}

void CheckDay(const AcademicYearInput& year, const BankHolidays& bank_holidays, absl::CivilDay day, std::string_view field,
              std::set<absl::CivilDay>& seen, status::FieldViolations& wrong) {
  const std::string_view refusal = NoSchoolOn(PlannedKind(year, bank_holidays, day));
  if (!refusal.empty()) {
    wrong.Add(field, Cat(FormatDay(day), " ", refusal));
  } else if (!seen.insert(day).second) {
    wrong.Add(field, Cat(FormatDay(day), " is listed twice"));
  }
}

bool HasPupilsOrStaff(DayKind planned) {
  return planned == DayKind::kSchoolDay || planned == DayKind::kInset;
}

}  // namespace

status::FieldViolations ValidateAcademicYear(const AcademicYearInput& year, const BankHolidays& bank_holidays,
                                             std::string_view prefix) {
  if (!prefix.empty() && prefix.back() == '.') prefix.remove_suffix(1);
  const std::string path = prefix.empty() ? "" : Cat(prefix, ".");
  status::FieldViolations wrong;
  CheckTerms(year, path, wrong);
  // Where terms are wrong, every other day would be reported as outside them.
  if (!wrong.empty()) return wrong;
  std::set<absl::CivilDay> inset_days, closures;
  for (std::size_t i = 0; i < year.inset_days.size(); ++i) {
    CheckDay(year, bank_holidays, year.inset_days[i], Cat(path, "inset_dates[", i, "]"), inset_days, wrong);
  }
  for (std::size_t i = 0; i < year.closures.size(); ++i) {
    CheckDay(year, bank_holidays, year.closures[i].day, Cat(path, "closures[", i, "].date"), closures, wrong);
  }
  return wrong;
}

absl::StatusOr<SchoolCalendar> SchoolCalendar::Build(const SchoolCalendarInput& input) {
  if (input.years.size() > kMaxYears) {
    return status::InvalidField("academic_years", Cat("must not be more than ", kMaxYears));
  }
  status::FieldViolations wrong;
  std::set<int> start_years;
  for (std::size_t i = 0; i < input.years.size(); ++i) {
    const std::string prefix = Cat("academic_years[", i, "].");
    CheckTerms(input.years[i], prefix, wrong);
    const std::optional<int> start_year = ParseAcademicYearId(input.years[i].id);
    if (start_year.has_value() && !start_years.insert(*start_year).second) {
      wrong.Add(Cat(prefix, "name"), "is given twice");
    }
  }
  if (!wrong.empty()) return wrong.ToStatus();

  SchoolCalendar calendar;
  if (input.years.empty()) return calendar;
  calendar.first_ = AcademicYearRange(*start_years.begin()).start;
  const absl::CivilDay last = AcademicYearRange(*start_years.rbegin()).end;
  calendar.days_.resize(static_cast<std::size_t>(last - calendar.first_) + 2);
  for (const AcademicYearInput& year : input.years) calendar.LayYear(year, input.bank_holidays, input.closures_are_school_days);
  std::sort(calendar.years_.begin(), calendar.years_.end(),
            [](const Year& a, const Year& b) { return a.start_year < b.start_year; });
  for (const Year& year : calendar.years_) calendar.NumberWeeks(year.start_year);
  calendar.SumUp();
  return calendar;
}

void SchoolCalendar::LayYear(const AcademicYearInput& input, const BankHolidays& bank_holidays, bool closures_are_school_days) {
  Year year{*ParseAcademicYearId(input.id), {}, {}};
  for (std::size_t i = 0; i < year.terms.size(); ++i) {
    const TermDates& term = input.terms[i];
    year.terms[i] = term;
    year.half_terms[2 * i] = {term.start, term.half_term_start - 1};
    year.half_terms[2 * i + 1] = {term.half_term_end + 1, term.end};
  }
  years_.push_back(year);

  const DayRange range = AcademicYearRange(year.start_year);
  for (absl::CivilDay day = range.start; day <= range.end; ++day) {
    const DayKind kind = PlannedKind(input, bank_holidays, day);
    At(day).planned = kind;
    if (kind == DayKind::kBankHoliday) notes_.emplace(day, bank_holidays.TitleOf(day));
  }
  for (const absl::CivilDay inset : input.inset_days) {
    if (range.Contains(inset) && At(inset).planned == DayKind::kSchoolDay) At(inset).planned = DayKind::kInset;
  }
  for (absl::CivilDay day = range.start; day <= range.end; ++day) {
    At(day).kind = At(day).planned;
    At(day).school_day = At(day).planned == DayKind::kSchoolDay;
  }
  for (const Closure& closure : input.closures) {
    if (!range.Contains(closure.day) || !HasPupilsOrStaff(At(closure.day).planned)) continue;
    At(closure.day).kind = DayKind::kClosure;
    if (!closures_are_school_days) At(closure.day).school_day = false;
    notes_.emplace(closure.day, closure.reason);
  }
}

// The week of 1 September may begin in August. Its days before the year's own are numbered with it unless the year before has
// school in them; in the same way the last week of August may reach into September.
void SchoolCalendar::NumberWeeks(int start_year) {
  const DayRange range = AcademicYearRange(start_year);
  int week = 0;
  for (absl::CivilDay monday = MondayOf(range.start); monday <= range.end; monday += 7) {
    bool in_school = false;
    for (absl::CivilDay day = std::max(monday, range.start); day <= std::min(monday + 6, range.end); ++day) {
      in_school = in_school || HasPupilsOrStaff(At(day).planned);
    }
    if (!in_school) continue;
    ++week;
    for (absl::CivilDay day = monday; day < monday + 7; ++day) {
      if (Find(day) != nullptr && (range.Contains(day) || At(day).week == 0)) At(day).week = static_cast<std::uint8_t>(week);
    }
  }
}

void SchoolCalendar::SumUp() {
  std::int32_t school_days = 0, unplanned = 0;
  for (std::size_t i = 0; i < days_.size(); ++i) {
    Day& day = days_[i];
    day.school_days_before = school_days;
    day.unplanned_before = unplanned;
    if (i + 1 == days_.size()) break;
    unplanned += day.kind == DayKind::kNotPlanned;
    school_days += day.school_day;
    if (day.school_day) school_days_.push_back(static_cast<std::int32_t>(i));
  }
}

const SchoolCalendar::Day* SchoolCalendar::Find(absl::CivilDay day) const {
  // Compared before subtracted: the first and last days that a CivilDay can hold are too far apart for a difference.
  if (years_.empty() || day < first_ || day > AcademicYearRange(years_.back().start_year).end) return nullptr;
  return &days_[static_cast<std::size_t>(day - first_)];
}

DayKind SchoolCalendar::KindOf(absl::CivilDay day) const {
  const Day* found = Find(day);
  return found == nullptr ? DayKind::kNotPlanned : found->kind;
}

bool SchoolCalendar::IsSchoolDay(absl::CivilDay day) const {
  const Day* found = Find(day);
  return found != nullptr && found->school_day;
}

bool SchoolCalendar::IsPlannedSchoolDay(absl::CivilDay day) const {
  const Day* found = Find(day);
  return found != nullptr && found->planned == DayKind::kSchoolDay;
}

bool SchoolCalendar::IsPlannedInset(absl::CivilDay day) const {
  const Day* found = Find(day);
  return found != nullptr && found->planned == DayKind::kInset;
}

std::string_view SchoolCalendar::NoteOf(absl::CivilDay day) const {
  const auto found = notes_.find(day);
  return found == notes_.end() ? std::string_view() : std::string_view(found->second);
}

int SchoolCalendar::WeekOf(absl::CivilDay day) const {
  const Day* found = Find(day);
  return found == nullptr ? 0 : found->week;
}

std::int32_t SchoolCalendar::SchoolDaysBefore(absl::CivilDay day) const {
  if (days_.empty() || day <= first_) return 0;
  const Day* found = Find(day);
  return found == nullptr ? days_.back().school_days_before : found->school_days_before;
}

std::int32_t SchoolCalendar::UnplannedBefore(absl::CivilDay day) const {
  return Find(day)->unplanned_before;
}

bool SchoolCalendar::IsPlanned(DayRange range) const {
  if (range.empty()) return true;
  if (Find(range.start) == nullptr || Find(range.end) == nullptr) return false;
  return KindOf(range.end) != DayKind::kNotPlanned && UnplannedBefore(range.start) == UnplannedBefore(range.end);
}

int SchoolCalendar::CountSchoolDays(DayRange range) const {
  if (range.empty()) return 0;
  return SchoolDaysBefore(range.end) - SchoolDaysBefore(range.start) + (IsSchoolDay(range.end) ? 1 : 0);
}

int SchoolCalendar::SchoolDaysBetween(absl::CivilDay from, absl::CivilDay to) const {
  const int up_to_from = SchoolDaysBefore(from) + (IsSchoolDay(from) ? 1 : 0);
  const int up_to_to = SchoolDaysBefore(to) + (IsSchoolDay(to) ? 1 : 0);
  return up_to_to - up_to_from;
}

std::optional<absl::CivilDay> SchoolCalendar::AddSchoolDays(absl::CivilDay day, int n) const {
  if (n == 0) return day;
  const std::int64_t before = SchoolDaysBefore(day);
  const std::int64_t wanted = n > 0 ? before + (IsSchoolDay(day) ? 1 : 0) + n - 1 : before + n;
  if (wanted < 0 || wanted >= static_cast<std::int64_t>(school_days_.size())) return std::nullopt;
  const absl::CivilDay found = first_ + school_days_[static_cast<std::size_t>(wanted)];
  if (!IsPlanned({std::min(day, found), std::max(day, found)})) return std::nullopt;
  return found;
}

const SchoolCalendar::Year* SchoolCalendar::FindYear(int start_year) const {
  for (const Year& year : years_) {
    if (year.start_year == start_year) return &year;
  }
  return nullptr;
}

}  // namespace fivestrand::calendar
