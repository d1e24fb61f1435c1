// A year and more of visits, drop-ins, duties and modelled lessons, by the habits of the plan.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_RECORDS_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_RECORDS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/visibility.pb.h"

#include "platform/calendar/school_calendar.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// By leader: what each recorded in one school, in order of time. Names are not set, leaders are.
struct LeaderRecords {
  std::vector<leadership::v1::DropIn> drop_ins;
  std::vector<leadership::v1::Duty> duties;
  std::vector<leadership::v1::ModelledLesson> modelled_lessons;
  std::vector<leadership::v1::Visit> visits;
};
using SchoolRecords = std::map<std::string, LeaderRecords>;

absl::StatusOr<calendar::SchoolCalendar> CalendarOf(const DemoPlan& plan, const DemoSchool& school);

// From the first day of the plan to the day before `today`, and visits that are planned for the two weeks after it. The same seed,
// school and day always give the same records, whatever `today` is; only follow-ups get done as days pass.
absl::StatusOr<SchoolRecords> MakeRecords(const DemoPlan& plan, const DemoSchool& school, std::uint64_t seed, absl::CivilDay today);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_RECORDS_H_
