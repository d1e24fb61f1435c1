// Which classes and subjects leaders have looked into, and which not.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_COVERAGE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_COVERAGE_H_

#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/day.h"
#include "platform/calendar/school_calendar.h"
#include "services/leadership/domain/day_facts.h"
#include "services/leadership/domain/day_reach.h"

namespace fivestrand::leadership::domain {

inline constexpr int kMaxCoverageDays = 400;
inline constexpr int kMaxCoverageClasses = 1000;
inline constexpr int kMaxCoverageCells = 20'000;

// The half term of the day; in a holiday the last one that has begun; the academic year where no calendar is kept.
calendar::DayRange DefaultCoverageSpan(const calendar::SchoolCalendar& calendar, absl::CivilDay today);

// Rows are the classes within reach, by year group and name (10 after 9); columns the subjects that they are taught or were seen
// in, core subjects first. A drop-in without a subject counts for its class and in no cell.
v1::Coverage CoverageOf(const CoverageFacts& facts, const ClassReach& reach);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_COVERAGE_H_
