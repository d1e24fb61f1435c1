#include "platform/calendar/period.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "platform/calendar/schools.h"
#include "platform/calendar/text.h"

namespace fivestrand::calendar {
namespace {

constexpr std::array<std::string_view, 10> kCadenceNames = {"daily",       "weekly",           "fortnightly", "monthly",
                                                            "half-termly", "six times a year", "termly",      "twice a year",
                                                            "annually",    "within 12 months"};
constexpr std::array<std::string_view, 6> kHalfTermNames = {"Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2"};
constexpr std::array<std::string_view, 3> kTermNames = {"Autumn", "Spring", "Summer"};
constexpr std::array<std::string_view, 7> kWeekdayNames = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> kMonthNames = {"January", "February", "March",     "April",   "May",      "June",
                                                          "July",    "August",   "September", "October", "November", "December"};

std::string_view MonthName(absl::CivilDay day) {
  return kMonthNames[static_cast<std::size_t>(day.month() - 1)];
}

std::string DayLabel(absl::CivilDay day) {
  return Cat(kWeekdayNames[static_cast<std::size_t>(absl::GetWeekday(day))], " ", day.day(), " ", MonthName(day).substr(0, 3));
}

// Lays the periods of one cadence over one academic year that all schools plan.
class YearGrid {
 public:
  YearGrid(Cadence cadence, Schools schools, const PeriodOptions& options, int year, std::vector<Period>& out)
      : cadence_(cadence), schools_(schools), options_(options), year_(year), whole_(AcademicYearRange(year)), out_(out) {}

  void Lay() {
    switch (cadence_) {
      case Cadence::kDaily:
        return LayDays();
      case Cadence::kWeekly:
        for (Week& week : Weeks()) out_.push_back(std::move(week.period));
        return;
      case Cadence::kFortnightly:
        return LayFortnights();
      case Cadence::kMonthly:
        return LayMonths();
      case Cadence::kHalfTermly:
      case Cadence::kSixTimesAYear:
        for (std::size_t i = 0; i < 6; ++i) LayHalfTerms(i, i, static_cast<int>(i) + 1, std::string(kHalfTermNames[i]));
        return;
      case Cadence::kTermly:
        for (std::size_t i = 0; i < 3; ++i) LayHalfTerms(2 * i, 2 * i + 1, static_cast<int>(i) + 1, std::string(kTermNames[i]));
        return;
      case Cadence::kTwiceAYear:
        LayHalfTerms(0, 2, 1, Cat(kHalfTermNames[0], " to ", kHalfTermNames[2]));
        LayHalfTerms(3, 5, 2, Cat(kHalfTermNames[3], " to ", kHalfTermNames[5]));
        return;
      case Cadence::kAnnually:
        return Add(whole_, 1, FirstPlanned(whole_), AcademicYearLabel(year_));
      case Cadence::kWithin12Months:
        return;
    }
  }

 private:
  struct Week {
    Period period;
    bool inset_only = false;  // in at least one of the schools
  };

  bool PlannedByEvery(absl::CivilDay day) const {
    return EverySchool(schools_, [&](const SchoolCalendar& school) { return school.IsPlannedSchoolDay(day); });
  }

  bool PlannedByAny(absl::CivilDay day) const {
    return AnySchool(schools_, [&](const SchoolCalendar& school) { return school.IsPlannedSchoolDay(day); });
  }

  // First day in the range that a school plans to be open on; else the first INSET day; else the range's start.
  absl::CivilDay FirstPlanned(DayRange range) const {
    for (absl::CivilDay day = range.start; day <= range.end; ++day) {
      if (PlannedByAny(day)) return day;
    }
    for (absl::CivilDay day = range.start; day <= range.end; ++day) {
      if (AnySchool(schools_, [&](const SchoolCalendar& school) { return school.IsPlannedInset(day); })) return day;
    }
    return range.start;
  }

  static bool PlansIn(const SchoolCalendar& school, DayRange range) {
    for (absl::CivilDay day = range.start; day <= range.end; ++day) {
      if (school.IsPlannedSchoolDay(day)) return true;
    }
    return false;
  }

  // Days that count, 0 unless every school is open in the range.
  int DaysThatCount(DayRange range, bool inset_counts) const {
    const bool every_open = EverySchool(schools_, [&](const SchoolCalendar& school) {
      return school.CountSchoolDays(range) > 0 || (inset_counts && CountInsetDays(Schools({&school}), range) > 0);
    });
    if (!every_open) return 0;
    const int open = CountDaysOpen(schools_, range);
    return open > 0 ? open : CountInsetDays(schools_, range);
  }

  void Add(DayRange range, int number, absl::CivilDay first_school_day, std::string label) {
    out_.push_back(
        {cadence_, range.start, range.end, year_, number, first_school_day, CountDaysOpen(schools_, range), std::move(label)});
  }

  void LayDays() {
    int number = 0;
    for (absl::CivilDay day = whole_.start; day <= whole_.end; ++day) {
      if (!PlannedByEvery(day)) continue;
      const bool open = EverySchool(schools_, [&](const SchoolCalendar& school) { return school.IsSchoolDay(day); });
      out_.push_back({cadence_, day, day, year_, ++number, day, open ? 1 : 0, DayLabel(day)});
    }
  }

  // The week with 1 September in it belongs to both academic years only if both have school in it; then each takes its own days.
  DayRange WeekRange(absl::CivilDay monday) const {
    DayRange week{monday, monday + 6};
    const auto in_use = [&](DayRange part) {
      return AnySchool(schools_, [&](const SchoolCalendar& school) {
        return !part.empty() && CountDays(part, [&](absl::CivilDay day) {
                                  return school.IsPlannedSchoolDay(day) || school.IsPlannedInset(day);
                                }) > 0;
      });
    };
    if (in_use({week.start, whole_.start - 1})) week.start = whole_.start;
    if (in_use({whole_.end + 1, week.end})) week.end = whole_.end;
    return week;
  }

  std::vector<Week> Weeks() const {
    std::vector<Week> weeks;
    for (absl::CivilDay monday = MondayOf(whole_.start); monday <= whole_.end; monday += 7) {
      const DayRange mine{std::max(monday, whole_.start), std::min(monday + 6, whole_.end)};
      bool in_every = true, inset_only = false;
      for (const SchoolCalendar* school : schools_) {
        if (PlansIn(*school, mine)) continue;
        inset_only = true;
        in_every = in_every && CountDays(mine, [&](absl::CivilDay day) { return school->IsPlannedInset(day); }) > 0;
      }
      if (!in_every) continue;
      const DayRange range = WeekRange(monday);
      const absl::CivilDay first = FirstPlanned(mine);
      Week week{{cadence_, range.start, range.end, year_, 0, first, DaysThatCount(mine, options_.inset_only_week_is_due), ""},
                inset_only};
      week.period.number = schools_[0]->WeekOf(mine.end);
      if (EverySchool(schools_, [&](const SchoolCalendar& school) { return school.WeekOf(mine.end) == week.period.number; })) {
        week.period.label = Cat("Week ", week.period.number);
      } else {
        // The schools count this week differently, so its date names it.
        week.period.number = static_cast<int>(weeks.size()) + 1;
        week.period.label = Cat("w/c ", DayLabel(monday).substr(4));
      }
      weeks.push_back(std::move(week));
    }
    return weeks;
  }

  void LayFortnights() {
    std::vector<Week> weeks = Weeks();
    if (!options_.inset_only_week_is_due) {
      weeks.erase(std::remove_if(weeks.begin(), weeks.end(), [](const Week& week) { return week.inset_only; }), weeks.end());
    }
    for (std::size_t i = 0; i + 1 < weeks.size(); i += 2) {
      const Period& first = weeks[i].period;
      const Period& second = weeks[i + 1].period;
      const bool numbered = first.label.front() == 'W' && second.label.front() == 'W';
      Period fortnight{cadence_, first.start, second.end, year_, static_cast<int>(i / 2) + 1, first.first_school_day, 0, ""};
      fortnight.school_days = DaysThatCount(fortnight.range(), options_.inset_only_week_is_due);
      fortnight.label = numbered ? Cat("Weeks ", first.number, "-", second.number) : Cat("from ", DayLabel(first.start).substr(4));
      out_.push_back(std::move(fortnight));
    }
  }

  void LayMonths() {
    int number = 0;
    for (absl::CivilMonth month(whole_.start); month <= absl::CivilMonth(whole_.end); ++month) {
      const DayRange range{absl::CivilDay(month), absl::CivilDay(month + 1) - 1};
      if (!EverySchool(schools_, [&](const SchoolCalendar& school) { return PlansIn(school, range); })) continue;
      Period period{cadence_, range.start, range.end, year_, ++number, FirstPlanned(range), DaysThatCount(range, false), ""};
      period.label = Cat(MonthName(range.start), " ", range.start.year());
      out_.push_back(std::move(period));
    }
  }

  void LayHalfTerms(std::size_t from, std::size_t to, int number, std::string label) {
    DayRange range{absl::CivilDay::max(), absl::CivilDay::min()};
    for (const SchoolCalendar* school : schools_) {
      const SchoolCalendar::Year& year = *school->FindYear(year_);
      range.start = std::min(range.start, year.half_terms[from].start);
      range.end = std::max(range.end, year.half_terms[to].end);
    }
    Add(range, number, FirstPlanned(range), std::move(label));
  }

  const Cadence cadence_;
  const Schools schools_;
  const PeriodOptions& options_;
  const int year_;
  const DayRange whole_;
  std::vector<Period>& out_;
};

// Years that every school plans, of those that touch the range.
std::vector<Period> Lay(DayRange range, Cadence cadence, Schools schools, const PeriodOptions& options) {
  std::vector<Period> periods;
  if (schools.empty()) return periods;
  for (const SchoolCalendar::Year& year : schools[0]->years()) {
    // A week may reach six days over either end of its year.
    const DayRange whole = AcademicYearRange(year.start_year);
    if (whole.end + 6 < range.start || range.end < whole.start - 6) continue;
    const auto plans = [&](const SchoolCalendar& school) {
      return school.FindYear(year.start_year) != nullptr;
    };
    if (EverySchool(schools, plans)) YearGrid(cadence, schools, options, year.start_year, periods).Lay();
  }
  return periods;
}

}  // namespace

std::string_view CadenceName(Cadence cadence) {
  const std::size_t index = static_cast<std::size_t>(cadence);
  return index < kCadenceNames.size() ? kCadenceNames[index] : std::string_view();
}

std::optional<Cadence> ParseCadence(std::string_view name) {
  const auto found = std::find(kCadenceNames.begin(), kCadenceNames.end(), name);
  if (found == kCadenceNames.end()) return std::nullopt;
  return static_cast<Cadence>(found - kCadenceNames.begin());
}

std::vector<Period> Periods(Cadence cadence, Schools schools, const PeriodOptions& options) {
  return Lay({absl::CivilDay::min(), absl::CivilDay::max()}, cadence, schools, options);
}

std::vector<Period> Periods(Cadence cadence, const SchoolCalendar& school, const PeriodOptions& options) {
  const SchoolCalendar* one = &school;
  return Periods(cadence, Schools(&one, 1), options);
}

std::vector<Period> PeriodsIn(DayRange range, Cadence cadence, const SchoolCalendar& school, const PeriodOptions& options) {
  const SchoolCalendar* one = &school;
  std::vector<Period> periods = Lay(range, cadence, Schools(&one, 1), options);
  const auto apart = [&](const Period& period) {
    return period.end < range.start || range.end < period.start;
  };
  periods.erase(std::remove_if(periods.begin(), periods.end(), apart), periods.end());
  return periods;
}

std::optional<Period> PeriodOf(absl::CivilDay day, Cadence cadence, const SchoolCalendar& school, const PeriodOptions& options) {
  std::vector<Period> periods = PeriodsIn({day, day}, cadence, school, options);
  if (periods.empty()) return std::nullopt;
  return std::move(periods.front());
}

std::optional<DayRange> LastSchoolWeeks(const SchoolCalendar& school, absl::CivilDay as_of, int n) {
  const std::vector<Period> weeks = Periods(Cadence::kWeekly, school);
  for (auto week = weeks.rbegin(); week != weeks.rend(); ++week) {
    if (week->start > as_of || !school.IsPlannedSchoolDay(week->first_school_day)) continue;
    if (--n <= 0) return DayRange{week->start, as_of};
  }
  return std::nullopt;
}

}  // namespace fivestrand::calendar
