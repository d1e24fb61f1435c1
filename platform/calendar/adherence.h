// Judges a commitment with a cadence: was what is due each period held, late, missed, or not due at all?
//
// Pure functions: the same question has the same answer, and as `as_of` grows a period only moves on from DUE to HELD or MISSED,
// and from MISSED to LATE.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_ADHERENCE_H_
#define FIVESTRAND_PLATFORM_CALENDAR_ADHERENCE_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "platform/calendar/day.h"
#include "platform/calendar/period.h"
#include "platform/calendar/school_calendar.h"

namespace fivestrand::calendar {

enum class Outcome {
  kHeld,    // a meeting in the period
  kDue,     // not held, still open
  kMissed,  // closed without one; may still become late within the grace
  kLate,    // made up within the grace by a meeting that no period of its own needed
  kNotDue,  // no school day in it, or active on fewer than half of its school days
};

std::string_view OutcomeName(Outcome outcome);  // `held`, `due`, `missed`, `late`, `not due`

// School days after a period's end within which a spare meeting still makes it late instead of missed. 0 is none.
struct Grace {
  int daily = 0;
  int weekly_to_monthly = 5;
  int half_termly_to_twice_a_year = 10;
  int annual = 20;

  int Of(Cadence cadence) const;
};

struct EvaluationOptions {
  PeriodOptions periods;
  Grace grace;
  // `as_of` means the end of that day. True when it is still running: what would close with it is then still due.
  bool day_still_open = false;
};

struct Commitment {
  Cadence cadence = Cadence::kDaily;
  // One school, or several that share a series. They must outlive the call.
  absl::Span<const SchoolCalendar* const> schools;
  // Days of meetings (visits, drop-ins, ...), in any order; days with several appear several times. Those after `as_of`, or outside
  // `active`, count nothing.
  absl::Span<const absl::CivilDay> held;
  // When the school, post, series or person was active; absent means always. For a post that changes hands give the whole life of
  // the post; for one person, that person's meetings and time only.
  std::optional<absl::Span<const DayRange>> active;
};

struct PeriodOutcome {
  Period period;
  Outcome outcome = Outcome::kDue;
  // Index in Commitment::held of the meeting that made it held or late. No two periods share one.
  std::optional<std::size_t> served_by;
};

// Every period that has begun by `as_of`, in order of time. kWithin12Months gives exactly one, the twelve months up to `as_of`:
// held, due while active for less than that, missed, or not due when not active on `as_of`; a visit counts up to and including the
// same date a year later.
std::vector<PeriodOutcome> Evaluate(const Commitment& commitment, absl::CivilDay as_of, const EvaluationOptions& options = {});
// The usual case: one school, always active.
std::vector<PeriodOutcome> Evaluate(Cadence cadence, const SchoolCalendar& school, absl::Span<const absl::CivilDay> held,
                                    absl::CivilDay as_of, const EvaluationOptions& options = {});

struct Adherence {
  int held = 0;
  int late = 0;
  int missed = 0;
  int due = 0;
  int not_due = 0;

  int concluded() const { return held + late + missed; }
  // (held + late) / concluded and held / concluded. Nothing concluded, no figure.
  std::optional<double> adherence() const;
  std::optional<double> on_time() const;
};

Adherence Summarise(absl::Span<const PeriodOutcome> outcomes);
// Only periods whose first school day lies in the range: the weeks of a half term, the days of a week.
Adherence Summarise(absl::Span<const PeriodOutcome> outcomes, DayRange range);

// How many of the newest concluded periods are missed without one between that was held or late; due and not due are skipped.
int MissedInARow(absl::Span<const PeriodOutcome> outcomes);

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_ADHERENCE_H_
