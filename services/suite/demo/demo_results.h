// What the pupils of the demonstration trust reach: two academic years of windows in which schools, subjects and groups differ, and
// the stories of the improvement threads can be seen.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_RESULTS_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_RESULTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "services/suite/demo/demo_plan.h"
#include "services/suite/demo/demo_pupils.h"

namespace fivestrand::demo {

struct DemoWindow {
  enum Kind { kInYear, kPhonics, kKeyStage2 };

  const char* id;
  const char* title;
  const char* academic_year;
  Kind kind;
  absl::CivilDay start, end;
  // Place among the windows of its kind, from the first of the first year on.
  int number;
};

// In order of time, `in-year` ones and others.
absl::Span<const DemoWindow> DemoWindows();

// Subjects of the in-year windows, each a column of their files. Foundation subjects end with Year 11.
struct DemoAssessed {
  const char* subject;
  const char* header;
  type::v1::YearGroup first, last;
};
absl::Span<const DemoAssessed> InYearSubjects();

// The results of a window as the schools' information systems export them; `late` picks those that came after its end, the others
// otherwise. Of a window that is still open on `today` some are there.
std::string ResultFile(const DemoPlan& plan, const std::vector<DemoPupil>& pupils, const DemoWindow& window, std::uint64_t seed,
                       absl::CivilDay today, bool late);

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_RESULTS_H_
