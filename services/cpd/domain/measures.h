// What is measured of coaching (2.14) and professional development (2.15), and the figures of one school or of the trust.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_MEASURES_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_MEASURES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "platform/calendar/adherence.h"
#include "platform/calendar/day.h"
#include "platform/calendar/period.h"
#include "platform/calendar/school_calendar.h"
#include "platform/evidence/measure.h"
#include "platform/evidence/reading.h"

namespace fivestrand::cpd::domain {

enum class MeasureId {
  kActiveCycles,
  kSessionsOnCadence,
  kStepsAchieved,
  kLinkedToNeed,
  kAttendance,
  kEvaluation,
  kHoursPerPerson,
};

absl::Span<const evidence::MeasureDefinition> Measures();
// `measure` is one of that table.
MeasureId IdOf(const evidence::MeasureDefinition& measure);
// Of element 2.14: figures for those alone who may see the counts of coaching.
bool OfCoaching(MeasureId id);

// A share over fewer cycles than this would tell of pairs.
inline constexpr int kMinCycles = 3;

inline const calendar::DayRange kAlways{absl::CivilDay(1, 1, 1), absl::CivilDay(9999, 12, 31)};

// A person: a number within one SchoolFacts.
using Key = std::int32_t;

// What the measures are computed from: days and numbers out of the records, and nothing else of them.
struct CycleFact {
  calendar::DayRange days;  // to the end of kAlways while it runs
  calendar::Cadence cadence = calendar::Cadence::kFortnightly;
  std::vector<absl::CivilDay> held;
};
struct StepFact {
  absl::CivilDay due;
  std::optional<absl::CivilDay> achieved;
  std::size_t cycle = 0;  // in SchoolFacts::cycles
};
// A booking with a place.
struct BookingFact {
  absl::CivilDay event_end;
  Key person = 0;
  bool has_need = false;
};
struct AttendanceFact {
  absl::CivilDay day;
  Key person = 0;
  bool present = false;
  int minutes = 0;
};
struct EvaluationFact {
  absl::CivilDay event_end;
  double mean = 0;  // of what was rated, 1 to 5
};
struct PostFact {
  calendar::DayRange days;
  Key person = 0;
};

struct SchoolFacts {
  std::string name;                                          // trusts/t/schools/s
  std::shared_ptr<const calendar::SchoolCalendar> calendar;  // never null; may plan nothing
  std::vector<CycleFact> cycles;
  std::vector<StepFact> steps;
  std::vector<BookingFact> bookings;
  std::vector<AttendanceFact> attendance;
  std::vector<EvaluationFact> evaluations;
  std::vector<PostFact> posts;
};

// A sum, over how many people, or cycles of coaching.
struct Figure {
  double numerator = 0;
  double denominator = 0;
  std::int64_t n = 0;

  Figure& operator+=(const Figure& other);
};

struct AsOf {
  absl::CivilDay day;
  bool still_open = false;
};

// The figure of one school over the days of a period, no further than as_of.
Figure FigureOf(MeasureId id, const SchoolFacts& school, calendar::DayRange days, const AsOf& as_of);

// Whether a figure over n may be shown.
bool EnoughFor(MeasureId id, std::int64_t n);

// The figures of several schools together, so that what of them is too small to be shown cannot be worked out from the whole: a
// school that is too small counts only together with others that are, when they are enough together.
Figure Together(MeasureId id, absl::Span<const Figure> schools);

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_MEASURES_H_
