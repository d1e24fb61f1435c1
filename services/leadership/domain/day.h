// A leader's day: what the day is, how the week's commitments stand, and which classes have not been seen lately.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_H_

#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/school_calendar.h"
#include "services/leadership/domain/day_facts.h"
#include "services/leadership/domain/day_reach.h"

namespace fivestrand::leadership::domain {

inline constexpr int kMaxDayRecords = 50;
inline constexpr int kMaxDayClasses = 200;
inline constexpr int kMaxFocuses = 50;

DaySpans SpansOf(const calendar::SchoolCalendar& calendar, absl::CivilDay day);

// Four daily beats for each day of the week of `day`, Monday first, then one for the half term's modelled lessons, dated with the
// half term's last school day. A day without school is NOT_DUE; a school day without a record is DUE until it is over, and MISSED
// then. For the headteacher of that day, the beats are the post's: on each day, those of whoever held it, and NOT_DUE on days on
// which nobody did. For anybody else they are the caller's own.
std::vector<v1::Beat> BeatsOf(const DayFacts& facts, std::string_view caller, absl::CivilDay day, absl::CivilDay today);

// Classes within reach with the last drop-in and the number of them, counting the drop-ins within reach from first to last day:
// never seen first, then the longest ago, then by name; at most kMaxDayClasses.
std::vector<v1::ClassLastSeen> LeastLatelySeen(const DayFacts& facts, const ClassReach& reach, calendar::DayRange days);

v1::LeaderDay LeaderDayOf(const DayFacts& facts, std::string_view caller, const ClassReach& reach, absl::CivilDay day,
                          absl::CivilDay today);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_H_
