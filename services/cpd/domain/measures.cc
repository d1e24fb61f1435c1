#include "services/cpd/domain/measures.h"

#include <algorithm>
#include <array>
#include <set>

#include "platform/evidence/suppress.h"

namespace fivestrand::cpd::domain {
namespace {

using calendar::DayRange;
using evidence::MeasureDefinition;

constexpr std::string_view kCoaching = "coaching";
constexpr std::string_view kCoachingTitle = "Coaching";
constexpr std::string_view kCpd = "cpd";
constexpr std::string_view kCpdTitle = "Relevant and high quality continuous professional development";

constexpr std::array<MeasureDefinition, 7> kMeasures = {{
    {.measure = "coaching.active-cycles",
     .element = kCoaching,
     .element_number = "2.14",
     .element_title = kCoachingTitle,
     .title = "Coaching cycles under way",
     .unit = evidence::v1::COUNT,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 4,
     .amber = 3,
     .red = 1,
     .formula = "Coaching cycles of coachees of the school that ran on at least one day of the half term. For the trust: the mean "
                "over its schools. Only for those who run coaching and the headteacher. Source: coaching cycles.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 1,
     .lag_periods = 1},
    {.measure = "coaching.sessions-on-cadence",
     .element = kCoaching,
     .element_number = "2.14",
     .element_title = kCoachingTitle,
     .title = "Coaching sessions on cadence",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.9,
     .amber = 0.8,
     .red = 0.6,
     .formula = "Sessions that each cycle's cadence asked for in the half term and that were held, in their time or within its "
                "grace, of those asked for and concluded; counted in the school time of the coachee. Not over fewer than three "
                "cycles. Only for those who run coaching and the headteacher. Source: coaching cycles and sessions, calendar.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.1,
     .lag_periods = 1},
    {.measure = "coaching.steps-achieved",
     .element = kCoaching,
     .element_number = "2.14",
     .element_title = kCoachingTitle,
     .title = "Action steps achieved",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.8,
     .amber = 0.6,
     .red = 0.4,
     .formula = "Action steps due in the half term that were achieved by its end, of all due in it; dropped ones are left out. Not "
                "over fewer than three cycles. Only for those who run coaching and the headteacher. Source: action steps.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.1,
     .lag_periods = 1},
    {.measure = "cpd.linked-to-need",
     .element = kCpd,
     .element_number = "2.15",
     .element_title = kCpdTitle,
     .title = "Bookings with a need behind them",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.9,
     .amber = 0.7,
     .red = 0.5,
     .formula = "Places at events that ended in the half term whose booking names an element of the model, an objective of a plan "
                "or an improvement thread, of all places. Not over fewer than six people. Source: bookings.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.05,
     .lag_periods = 1},
    {.measure = "cpd.attendance",
     .element = kCpd,
     .element_number = "2.15",
     .element_title = kCpdTitle,
     .title = "Attendance of those booked",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.95,
     .amber = 0.85,
     .red = 0.7,
     .formula = "Presences, of presences and absences together, on the dates of events in the half term for which a register was "
                "kept. Not over fewer than six people. Source: bookings.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.05,
     .lag_periods = 1},
    {.measure = "cpd.evaluation",
     .element = kCpd,
     .element_number = "2.15",
     .element_title = kCpdTitle,
     .title = "How good it was, in the eyes of those who were there",
     .unit = evidence::v1::POINTS,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 4.2,
     .amber = 3.8,
     .red = 3,
     .formula = "Mean over the evaluations of events that ended in the term; of each the mean of what was rated from 1 to 5: "
                "reaction, learning, use in practice. Not over fewer than six evaluations. Source: evaluations.",
     .period_kind = evidence::v1::TERM,
     .delta = 0.2,
     .lag_periods = 1},
    {.measure = "cpd.hours-per-person",
     .element = kCpd,
     .element_number = "2.15",
     .element_title = kCpdTitle,
     .title = "Hours of professional development per person",
     .unit = evidence::v1::COUNT,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 10,
     .amber = 7,
     .red = 4,
     .formula =
         "Hours attended in the term by those whose bookings are of the school, divided by the people who hold a post in the "
         "school at the end of the term, or today. Not over fewer than six people. Source: bookings, posts.",
     .period_kind = evidence::v1::TERM,
     .delta = 1,
     .lag_periods = 1},
}};

Figure Cycles(const SchoolFacts& school, DayRange days) {
  Figure figure;
  for (const CycleFact& cycle : school.cycles) {
    if (cycle.days.start <= days.end && days.start <= cycle.days.end && !cycle.days.empty()) figure.numerator += 1;
  }
  figure.denominator = 1;
  figure.n = static_cast<std::int64_t>(figure.numerator);
  return figure;
}

Figure Sessions(const SchoolFacts& school, DayRange days, const AsOf& as_of) {
  Figure figure;
  const calendar::SchoolCalendar* calendar = school.calendar.get();
  for (const CycleFact& cycle : school.cycles) {
    if (cycle.days.empty() || cycle.days.start > days.end || cycle.days.end < days.start) continue;
    const calendar::Commitment commitment{.cadence = cycle.cadence,
                                          .schools = absl::MakeConstSpan(&calendar, 1),
                                          .held = cycle.held,
                                          .active = absl::MakeConstSpan(&cycle.days, 1)};
    const std::vector<calendar::PeriodOutcome> outcomes =
        calendar::Evaluate(commitment, as_of.day, {.day_still_open = as_of.still_open});
    const calendar::Adherence adherence = calendar::Summarise(outcomes, days);
    if (adherence.concluded() == 0) continue;
    figure.numerator += adherence.held + adherence.late;
    figure.denominator += adherence.concluded();
    ++figure.n;
  }
  return figure;
}

Figure Steps(const SchoolFacts& school, DayRange days) {
  Figure figure;
  std::set<std::size_t> cycles;
  for (const StepFact& step : school.steps) {
    if (!days.Contains(step.due)) continue;
    figure.denominator += 1;
    if (step.achieved && *step.achieved <= days.end) figure.numerator += 1;
    cycles.insert(step.cycle);
  }
  figure.n = static_cast<std::int64_t>(cycles.size());
  return figure;
}

Figure Needs(const SchoolFacts& school, DayRange days) {
  Figure figure;
  std::set<Key> people;
  for (const BookingFact& booking : school.bookings) {
    if (!days.Contains(booking.event_end)) continue;
    figure.denominator += 1;
    if (booking.has_need) figure.numerator += 1;
    people.insert(booking.person);
  }
  figure.n = static_cast<std::int64_t>(people.size());
  return figure;
}

Figure Attended(const SchoolFacts& school, DayRange days) {
  Figure figure;
  std::set<Key> people;
  for (const AttendanceFact& attendance : school.attendance) {
    if (!days.Contains(attendance.day)) continue;
    figure.denominator += 1;
    if (attendance.present) figure.numerator += 1;
    people.insert(attendance.person);
  }
  figure.n = static_cast<std::int64_t>(people.size());
  return figure;
}

Figure Evaluations(const SchoolFacts& school, DayRange days) {
  Figure figure;
  for (const EvaluationFact& evaluation : school.evaluations) {
    if (!days.Contains(evaluation.event_end)) continue;
    figure.numerator += evaluation.mean;
    figure.denominator += 1;
    ++figure.n;
  }
  return figure;
}

Figure Hours(const SchoolFacts& school, DayRange days) {
  Figure figure;
  for (const AttendanceFact& attendance : school.attendance) {
    if (attendance.present && days.Contains(attendance.day)) figure.numerator += attendance.minutes / 60.0;
  }
  std::set<Key> staff;
  for (const PostFact& post : school.posts) {
    if (post.days.Contains(days.end)) staff.insert(post.person);
  }
  figure.denominator = static_cast<double>(staff.size());
  figure.n = static_cast<std::int64_t>(staff.size());
  return figure;
}

}  // namespace

absl::Span<const MeasureDefinition> Measures() {
  return kMeasures;
}

MeasureId IdOf(const MeasureDefinition& measure) {
  return static_cast<MeasureId>(&measure - kMeasures.data());
}

bool OfCoaching(MeasureId id) {
  return kMeasures[static_cast<std::size_t>(id)].element == kCoaching;
}

Figure& Figure::operator+=(const Figure& other) {
  numerator += other.numerator;
  denominator += other.denominator;
  n += other.n;
  return *this;
}

Figure FigureOf(MeasureId id, const SchoolFacts& school, DayRange days, const AsOf& as_of) {
  const DayRange until{days.start, std::min(days.end, as_of.day)};
  switch (id) {
    case MeasureId::kActiveCycles:
      return Cycles(school, until);
    case MeasureId::kSessionsOnCadence:
      return Sessions(school, days, as_of);
    case MeasureId::kStepsAchieved:
      return Steps(school, until);
    case MeasureId::kLinkedToNeed:
      return Needs(school, until);
    case MeasureId::kAttendance:
      return Attended(school, until);
    case MeasureId::kEvaluation:
      return Evaluations(school, until);
    case MeasureId::kHoursPerPerson:
      return Hours(school, until);
  }
  return {};
}

bool EnoughFor(MeasureId id, std::int64_t n) {
  // How many cycles there are is all that the counts tell.
  if (id == MeasureId::kActiveCycles) return true;
  return OfCoaching(id) ? n == 0 || n >= kMinCycles : evidence::MayShow(n);
}

Figure Together(MeasureId id, absl::Span<const Figure> schools) {
  Figure shown, small;
  int small_schools = 0;
  for (const Figure& figure : schools) {
    if (EnoughFor(id, figure.n)) {
      shown += figure;
    } else {
      small += figure;
      ++small_schools;
    }
  }
  // One alone would be the difference of what is shown.
  if (small_schools > 1 && EnoughFor(id, small.n)) shown += small;
  return shown.denominator == 0 && small.denominator > 0 ? small : shown;
}

}  // namespace fivestrand::cpd::domain
