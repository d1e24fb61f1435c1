// The demonstration trust as a plan: seven schools, their people, classes, calendars and habits. Everything follows from the seed.
//
// The schools are those of a fictional trust with codes that the DfE does not issue; every person is invented.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PLAN_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/calendar.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"

namespace fivestrand::demo {

inline constexpr char kTrust[] = "trusts/acorn";

// How a school's leaders go about it, as chances a school day.
struct Habits {
  double drop_in = 0.8;         // the headteacher looks into at least one lesson
  double second_drop_in = 0.3;  // and into another
  double senior_drop_in = 0.4;  // each senior leader
  double break_duty = 0.7;
  double gate_start = 0.8;
  double gate_end = 0.6;
  double modelled_per_half_term = 1.0;
  // Change of all chances over the year: 0.2 means that they grow by a fifth.
  double drift = 0.0;
  // Weeks between visits of the executive headteacher and of the CEO.
  double executive_weeks = 2;
  double ceo_weeks = 6;
};

struct DemoPerson {
  leadership::v1::Person person;  // with its name
  std::vector<leadership::v1::Post> posts;
  std::vector<leadership::v1::RoleGrant> grants;
};

struct DemoSchool {
  leadership::v1::School school;  // with its name
  std::vector<leadership::v1::SchoolClass> classes;
  std::vector<leadership::v1::AcademicYear> years;
  Habits habits;
  // Headteachers, the first from before the first day of the plan, each until the next begins.
  struct Head {
    std::string person;
    absl::CivilDay from;
  };
  std::vector<Head> heads;
  std::vector<std::string> senior_leaders;
  std::string executive;
};

struct DemoPlan {
  leadership::v1::Trust trust;
  std::vector<leadership::v1::Subject> subjects;
  std::vector<leadership::v1::TeachingFocus> focuses;
  std::vector<leadership::v1::BankHoliday> bank_holidays;
  std::vector<DemoSchool> schools;
  std::vector<DemoPerson> people;
  std::vector<leadership::v1::LineManagement> line_managements;
  std::string ceo;
};

DemoPlan MakePlan(std::uint64_t seed);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PLAN_H_
