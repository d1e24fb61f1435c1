// The demonstration trust as a plan: seven schools, their people, classes, calendars and habits. Everything follows from the seed.
//
// The schools are those of a fictional trust with codes that the DfE does not issue; every person is invented.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PLAN_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PLAN_H_

#include <cstdint>
#include <string>
#include <string_view>
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
  type::v1::YearGroup first{}, last{};
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
  std::string ceo, hr_director, data_lead, cpd_lead;
};

// The schools that have stories of their own, and how many a plan can have: the others are like these, with people of their own, to
// see what a larger trust is like.
inline constexpr int kStorySchools = 7, kMaxSchools = 60;

DemoPlan MakePlan(std::uint64_t seed, int schools = kStorySchools);

// Those of a school who are in a story, in the order of the plan.
struct StaffOf {
  std::vector<const DemoPerson*> senior_leaders, middle_leaders, teachers;
};
StaffOf StaffIn(const DemoPlan& plan, const DemoSchool& school);

// How many pupils a year group of the school has. Few stay for the sixth form.
int CohortSize(const DemoSchool& school, type::v1::YearGroup year_group);
// Classes of a year group in a core subject; of a primary school in all subjects.
int ClassesOf(const DemoSchool& school, type::v1::YearGroup year_group);
inline bool BySubject(const DemoSchool& school) {
  return school.school.phase() == type::v1::PHASE_SECONDARY;
}
// R, 1, 2, ...
std::string YearTitle(type::v1::YearGroup year_group);
bool IsTaught(std::string_view subject_id, type::v1::YearGroup year_group);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PLAN_H_
