// The pupils of the demonstration trust: where each is when, in which classes and groups. Every pupil is invented.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PUPILS_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PUPILS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "fivestrand/type/v1/school.pb.h"

#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// First and last day of pupils in an academic year, given by its first calendar year.
inline constexpr int kFirstYear = 2025;
absl::CivilDay FirstDayOf(int year);
absl::CivilDay LastDayOf(int year);

// A time at one school, in one year group.
struct DemoPlace {
  std::size_t school = 0;  // index in the plan
  type::v1::YearGroup year_group{};
  absl::CivilDay start, end;
  // As the school calls them.
  std::vector<std::string> classes;
};

struct DemoPupil {
  std::string upn, given, family;
  bool girl = false;
  absl::CivilDay birth;
  // Around 0. What a pupil brings to every subject.
  double ability = 0;
  int prior = 1;  // 0 low, 1 middle, 2 high
  bool disadvantaged = false, looked_after = false, additional_language = false, most_able = false;
  char sen = 'N';  // N, K or E
  const char* need = "";
  absl::CivilDay sen_start;
  // In order of time, without overlap.
  std::vector<DemoPlace> places;

  // Null when in no school on that day.
  const DemoPlace* On(absl::CivilDay day) const;
};

// The same seed and plan always make the same pupils.
std::vector<DemoPupil> MakePupils(const DemoPlan& plan, std::uint64_t seed);

// A file of pupils for each time that one of them begins somewhere: the first holds the first place of each. Empty ones are left
// out.
std::vector<std::string> PupilFiles(const DemoPlan& plan, const std::vector<DemoPupil>& pupils);
// One file, a row a pupil and beginning.
std::string GroupFile(const std::vector<DemoPupil>& pupils);
// Columns of classes in a file of pupils.
inline constexpr int kClassColumns = 12;

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_PUPILS_H_
