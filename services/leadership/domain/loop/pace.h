// How fast signals are answered and answers show. Pure. Times are in school days.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_PACE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_PACE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/calendar/school_calendar.h"

namespace fivestrand::leadership::domain {

// Below this many there is no figure.
inline constexpr int kFewestForPace = 5;

// One step of one concern: how long it took, or how long it has been waited for.
struct Step {
  int school_days = 0;
  bool happened = false;
};

// Median and 90th percentile by Kaplan and Meier: a step that has not happened counts as longer than its age, so that leaving
// concerns unanswered never makes pace look better. Absent when there are too few, or when half (nine tenths) have not happened
// yet.
v1::PaceTime PaceOf(absl::Span<const Step> steps);

// What pace is made of: one concern.
struct PaceFact {
  std::string school, strand, element, rule;
  std::optional<Step> signal_to_raised, raised_to_response, response_to_impact;
};

// A concern as it stood at the end of `as_of`; `thread` null when it is in none. Nothing when it was raised later, or is
// restricted.
std::optional<PaceFact> FactOf(const v1::Concern& concern, const v1::ImprovementThread* thread, std::string strand,
                               const calendar::SchoolCalendar* calendar, absl::CivilDay as_of);

// All, then by school, strand, element and rule, each in the order of its key.
std::vector<v1::PaceRow> PaceRows(absl::Span<const PaceFact> facts);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_PACE_H_
