#include "platform/calendar/adherence.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "platform/calendar/schools.h"
#include "platform/calendar/text.h"

namespace fivestrand::calendar {
namespace {

// The days on which the commitment holds, as ranges that neither overlap nor touch.
class ActiveTime {
 public:
  explicit ActiveTime(const std::optional<absl::Span<const DayRange>>& active) {
    if (!active.has_value()) {
      ranges_.push_back({absl::CivilDay::min(), absl::CivilDay::max()});
      return;
    }
    std::vector<DayRange> sorted(active->begin(), active->end());
    std::sort(sorted.begin(), sorted.end(), [](const DayRange& a, const DayRange& b) { return a.start < b.start; });
    for (const DayRange& range : sorted) {
      if (range.empty()) continue;
      if (!ranges_.empty() && range.start <= AfterEnd(ranges_.back())) {
        ranges_.back().end = std::max(ranges_.back().end, range.end);
      } else {
        ranges_.push_back(range);
      }
    }
  }

  // The range that holds the day; null when inactive.
  const DayRange* Find(absl::CivilDay day) const {
    for (const DayRange& range : ranges_) {
      if (range.Contains(day)) return &range;
    }
    return nullptr;
  }

  // Active on at least half of the days that count.
  bool Covers(Schools schools, const Period& period) const {
    const DayRange* first = Find(period.start);
    if (first != nullptr && period.end <= first->end) return true;
    int active_days = 0;
    for (const DayRange& range : ranges_) {
      const DayRange part{std::max(range.start, period.start), std::min(range.end, period.end)};
      if (!part.empty()) active_days += CountDaysThatCount(schools, period, part);
    }
    return 2 * active_days >= period.school_days;
  }

 private:
  // One person's last day and the next one's first join up.
  static absl::CivilDay AfterEnd(const DayRange& range) { return range.end == absl::CivilDay::max() ? range.end : range.end + 1; }

  std::vector<DayRange> ranges_;
};

// Meetings that count, as indices into Commitment::held in order of day.
std::vector<std::size_t> MeetingsThatCount(const Commitment& commitment, const ActiveTime& active, absl::CivilDay as_of) {
  std::vector<std::size_t> order(commitment.held.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto counts_nothing = [&](std::size_t i) {
    return commitment.held[i] > as_of || active.Find(commitment.held[i]) == nullptr;
  };
  order.erase(std::remove_if(order.begin(), order.end(), counts_nothing), order.end());
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return commitment.held[a] < commitment.held[b]; });
  return order;
}

// Fewer than `grace` school days lie wholly between the period's end and the day, all of them planned: the grace ends with its last
// school day. For a series only days count on which every school is open.
bool WithinGrace(Schools schools, absl::CivilDay end, absl::CivilDay day, int grace) {
  if (grace <= 0 || day <= end) return false;
  if (!EverySchool(schools, [&](const SchoolCalendar& school) { return school.IsPlanned({end + 1, day}); })) return false;
  if (schools.size() == 1) return schools[0]->CountSchoolDays({end + 1, day - 1}) < grace;
  int passed = 0;
  for (absl::CivilDay between = end + 1; between < day; ++between) {
    passed += EverySchool(schools, [&](const SchoolCalendar& school) { return school.IsSchoolDay(between); }) ? 1 : 0;
    if (passed >= grace) return false;
  }
  return true;
}

// The earliest unserved period that the meeting falls in. Both starts and ends ascend, so this is also the one that closes first,
// which leaves most for the meetings that follow.
PeriodOutcome* OwnPeriod(std::vector<PeriodOutcome>& outcomes, std::size_t first_open, absl::CivilDay day) {
  for (std::size_t i = first_open; i < outcomes.size() && outcomes[i].period.start <= day; ++i) {
    if (outcomes[i].outcome == Outcome::kDue && day <= outcomes[i].period.end) return &outcomes[i];
  }
  return nullptr;
}

std::vector<PeriodOutcome> EvaluateRolling(const Commitment& commitment, absl::CivilDay as_of, const EvaluationOptions& options) {
  const ActiveTime active(commitment.active);
  // The first day whose anniversary has not passed: for 29 February that is 1 March of the year before.
  const absl::CivilDay start(as_of.year() - 1, as_of.month(), as_of.day());
  PeriodOutcome only;
  only.period = {
      Cadence::kWithin12Months, start, as_of, AcademicYearOf(as_of), 1, as_of, 0, Cat("12 months to ", FormatDay(as_of))};
  only.period.school_days = CountDaysOpen(commitment.schools, only.period.range());
  const DayRange* now = active.Find(as_of);
  if (now == nullptr) {
    only.outcome = Outcome::kNotDue;
    return {std::move(only)};
  }
  const bool whole_year = options.day_still_open ? now->start < start : now->start <= start;
  only.outcome = whole_year ? Outcome::kMissed : Outcome::kDue;
  for (const std::size_t i : MeetingsThatCount(commitment, active, as_of)) {
    if (commitment.held[i] < start) continue;
    only.outcome = Outcome::kHeld;
    only.served_by = i;
  }
  return {std::move(only)};
}

}  // namespace

std::string_view OutcomeName(Outcome outcome) {
  constexpr std::array<std::string_view, 5> kNames = {"held", "due", "missed", "late", "not due"};
  const std::size_t index = static_cast<std::size_t>(outcome);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

int Grace::Of(Cadence cadence) const {
  switch (cadence) {
    case Cadence::kDaily:
      return daily;
    case Cadence::kWeekly:
    case Cadence::kFortnightly:
    case Cadence::kMonthly:
      return weekly_to_monthly;
    case Cadence::kHalfTermly:
    case Cadence::kSixTimesAYear:
    case Cadence::kTermly:
    case Cadence::kTwiceAYear:
      return half_termly_to_twice_a_year;
    case Cadence::kAnnually:
      return annual;
    case Cadence::kWithin12Months:
      return 0;
  }
  return 0;
}

std::vector<PeriodOutcome> Evaluate(const Commitment& commitment, absl::CivilDay as_of, const EvaluationOptions& options) {
  as_of = std::clamp(as_of, absl::CivilDay(1, 1, 1), absl::CivilDay(9999, 12, 31));
  if (commitment.cadence == Cadence::kWithin12Months) return EvaluateRolling(commitment, as_of, options);
  const ActiveTime active(commitment.active);
  std::vector<PeriodOutcome> outcomes;
  for (Period& period : Periods(commitment.cadence, commitment.schools, options.periods)) {
    if (period.start > as_of) break;
    const bool due = period.school_days > 0 && active.Covers(commitment.schools, period);
    outcomes.push_back({std::move(period), due ? Outcome::kDue : Outcome::kNotDue, std::nullopt});
  }

  // Meetings in order of day: each first serves a period of its own; a spare one makes good the earliest period that has closed
  // unserved and whose grace still runs. What a meeting did never depends on later ones, so outcomes only move forward in time.
  const int grace = options.grace.Of(commitment.cadence);
  std::size_t first_open = 0;      // before it, every period has ended
  std::size_t first_in_grace = 0;  // before it, every grace has ended
  for (const std::size_t meeting : MeetingsThatCount(commitment, active, as_of)) {
    const absl::CivilDay day = commitment.held[meeting];
    while (first_open < outcomes.size() && outcomes[first_open].period.end < day) ++first_open;
    if (PeriodOutcome* own = OwnPeriod(outcomes, first_open, day); own != nullptr) {
      own->outcome = Outcome::kHeld;
      own->served_by = meeting;
      continue;
    }
    while (first_in_grace < first_open && !WithinGrace(commitment.schools, outcomes[first_in_grace].period.end, day, grace)) {
      ++first_in_grace;
    }
    for (std::size_t i = first_in_grace; i < first_open; ++i) {
      if (outcomes[i].outcome != Outcome::kDue) continue;
      outcomes[i].outcome = Outcome::kLate;
      outcomes[i].served_by = meeting;
      break;
    }
  }

  for (PeriodOutcome& outcome : outcomes) {
    const bool closed = options.day_still_open ? outcome.period.end < as_of : outcome.period.end <= as_of;
    if (outcome.outcome == Outcome::kDue && closed) outcome.outcome = Outcome::kMissed;
  }
  return outcomes;
}

std::vector<PeriodOutcome> Evaluate(Cadence cadence, const SchoolCalendar& school, absl::Span<const absl::CivilDay> held,
                                    absl::CivilDay as_of, const EvaluationOptions& options) {
  const SchoolCalendar* one = &school;
  return Evaluate(Commitment{cadence, Schools(&one, 1), held, std::nullopt}, as_of, options);
}

std::optional<double> Adherence::adherence() const {
  if (concluded() == 0) return std::nullopt;
  return static_cast<double>(held + late) / concluded();
}

std::optional<double> Adherence::on_time() const {
  if (concluded() == 0) return std::nullopt;
  return static_cast<double>(held) / concluded();
}

Adherence Summarise(absl::Span<const PeriodOutcome> outcomes) {
  return Summarise(outcomes, {absl::CivilDay::min(), absl::CivilDay::max()});
}

Adherence Summarise(absl::Span<const PeriodOutcome> outcomes, DayRange range) {
  Adherence sum;
  for (const PeriodOutcome& outcome : outcomes) {
    if (!range.Contains(outcome.period.first_school_day)) continue;
    switch (outcome.outcome) {
      case Outcome::kHeld:
        ++sum.held;
        break;
      case Outcome::kDue:
        ++sum.due;
        break;
      case Outcome::kMissed:
        ++sum.missed;
        break;
      case Outcome::kLate:
        ++sum.late;
        break;
      case Outcome::kNotDue:
        ++sum.not_due;
        break;
    }
  }
  return sum;
}

int MissedInARow(absl::Span<const PeriodOutcome> outcomes) {
  int missed = 0;
  for (auto outcome = outcomes.rbegin(); outcome != outcomes.rend(); ++outcome) {
    if (outcome->outcome == Outcome::kHeld || outcome->outcome == Outcome::kLate) break;
    if (outcome->outcome == Outcome::kMissed) ++missed;
  }
  return missed;
}

}  // namespace fivestrand::calendar
