#include "services/organisation/domain/calendar_input.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/status/views.h"

namespace fivestrand::organisation {
namespace {

// Of the contract, number for number.
static_assert(static_cast<int>(calendar::DayKind::kSchoolDay) == v1::CalendarDay::SCHOOL_DAY);
static_assert(static_cast<int>(calendar::DayKind::kWeekend) == v1::CalendarDay::WEEKEND);
static_assert(static_cast<int>(calendar::DayKind::kHoliday) == v1::CalendarDay::HOLIDAY);
static_assert(static_cast<int>(calendar::DayKind::kHalfTerm) == v1::CalendarDay::HALF_TERM);
static_assert(static_cast<int>(calendar::DayKind::kInset) == v1::CalendarDay::INSET);
static_assert(static_cast<int>(calendar::DayKind::kBankHoliday) == v1::CalendarDay::BANK_HOLIDAY);
static_assert(static_cast<int>(calendar::DayKind::kClosure) == v1::CalendarDay::CLOSURE);
static_assert(static_cast<int>(calendar::DayKind::kNotPlanned) == v1::CalendarDay::NOT_PLANNED);

// Reads dates, and says where one does not exist.
class DateReader {
 public:
  DateReader(std::string_view prefix, status::FieldViolations& wrong) : wrong_(wrong) {
    while (prefix.ends_with('.')) prefix.remove_suffix(1);
    if (!prefix.empty()) prefix_ = absl::StrCat(AbslView(prefix), ".");
  }

  absl::CivilDay Read(const google::type::Date& date, const std::string& path) {
    const std::optional<absl::CivilDay> day = calendar::FromProto(date);
    if (!day) Complain(path, "must be a date that exists, with year, month and day");
    return day.value_or(absl::CivilDay());
  }

  void Complain(const std::string& path, std::string_view description) { wrong_.Add(prefix_ + path, description); }

 private:
  status::FieldViolations& wrong_;
  std::string prefix_;
};

calendar::AcademicYearInput Convert(const v1::AcademicYear& year, DateReader& dates) {
  calendar::AcademicYearInput input;
  input.id = std::string(names::IdOf(year.name()));
  for (int i = 0; i < year.terms_size(); ++i) {
    const v1::AcademicYear::Term& term = year.terms(i);
    const std::string path = absl::StrCat("terms[", i, "].");
    if (term.season() != i + 1) dates.Complain(path + "season", "must be AUTUMN, SPRING and SUMMER, in this order");
    input.terms.push_back({.start = dates.Read(term.start_date(), path + "start_date"),
                           .end = dates.Read(term.end_date(), path + "end_date"),
                           .half_term_start = dates.Read(term.half_term_start_date(), path + "half_term_start_date"),
                           .half_term_end = dates.Read(term.half_term_end_date(), path + "half_term_end_date")});
  }
  for (int i = 0; i < year.inset_dates_size(); ++i) {
    input.inset_days.push_back(dates.Read(year.inset_dates(i), absl::StrCat("inset_dates[", i, "]")));
  }
  for (int i = 0; i < year.closures_size(); ++i) {
    input.closures.push_back(
        {dates.Read(year.closures(i).date(), absl::StrCat("closures[", i, "].date")), year.closures(i).reason()});
  }
  return input;
}

}  // namespace

status::FieldViolations ValidateAcademicYear(const v1::AcademicYear& year, const calendar::BankHolidays& bank_holidays,
                                             std::string_view prefix) {
  status::FieldViolations wrong;
  DateReader dates(prefix, wrong);
  const calendar::AcademicYearInput input = Convert(year, dates);
  // A date that does not exist would be reported as out of order as well.
  if (!wrong.empty()) return wrong;
  return calendar::ValidateAcademicYear(input, bank_holidays, prefix);
}

calendar::BankHolidays ToBankHolidays(const std::vector<v1::BankHoliday>& records) {
  std::vector<calendar::BankHoliday> days;
  for (const v1::BankHoliday& record : records) {
    if (const auto day = calendar::FromProto(record.date())) days.push_back({*day, record.title()});
  }
  return calendar::BankHolidays(std::move(days));
}

absl::StatusOr<calendar::SchoolCalendar> BuildCalendar(const std::vector<v1::AcademicYear>& years,
                                                       const calendar::BankHolidays& kept) {
  calendar::SchoolCalendarInput input;
  status::FieldViolations wrong;
  DateReader dates("", wrong);
  int first = 9999, last = 0;
  for (const v1::AcademicYear& year : years) {
    input.years.push_back(Convert(year, dates));
    if (const auto start_year = calendar::ParseAcademicYearId(input.years.back().id)) {
      first = std::min(first, *start_year);
      last = std::max(last, *start_year + 1);
    }
  }
  input.bank_holidays = last == 0 ? kept : kept.WithRulesForMissingYears(first, last);
  absl::StatusOr<calendar::SchoolCalendar> calendar = calendar::SchoolCalendar::Build(input);
  if (!calendar.ok()) return status::DataLoss(StdView(calendar.status().message()));
  return calendar;
}

v1::CalendarDay ToCalendarDay(const calendar::SchoolCalendar& calendar, absl::CivilDay day) {
  v1::CalendarDay proto;
  *proto.mutable_date() = calendar::ToProto(day);
  proto.set_kind(static_cast<v1::CalendarDay::Kind>(calendar.KindOf(day)));
  proto.set_school_week(calendar.WeekOf(day));
  proto.set_note(std::string(calendar.NoteOf(day)));
  return proto;
}

}  // namespace fivestrand::organisation
