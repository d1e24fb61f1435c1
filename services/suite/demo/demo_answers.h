// What people do about a concern of the demonstration trust, each with the name of the thread that it answers. Internal to the
// demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_ANSWERS_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_ANSWERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

// Others learn of a thread a moment after it was opened: what refers to it waits for that.
class Answers {
 public:
  Answers(const DemoPlan& plan, Calls& leadership, Calls& cpd, Calls& welfare);

  // Weekly coaching from the first to the last meeting; open when `end` lies ahead.
  absl::Status Coach(const std::string& thread, const DemoPerson& coach, const DemoPerson& coachee, absl::CivilDay start,
                     absl::CivilDay end, const char* element, const char* focus, const char* outcome);
  // Somebody goes to the course on writing for it.
  absl::Status Book(const std::string& thread, const DemoPerson& person);
  // A drop-in by whose token it is.
  absl::Status LookIn(const std::string& thread, const DemoSchool& school, const leadership::v1::SchoolClass& seen,
                      const std::string& subject, absl::CivilDay day, const char* went_well, const char* even_better_if,
                      const std::string& token);
  // A visit.
  absl::Status GoTo(const std::string& thread, const DemoSchool& school, const std::string& leader, type::v1::Role role,
                    absl::CivilDay day, const char* purpose, const char* seen);
  // Seen on the thread as support in place, and nothing else.
  absl::Status Support(const std::string& thread, const DemoPerson& person, absl::CivilDay start, absl::CivilDay done);

 private:
  const DemoPlan& plan_;
  Calls& leadership_;
  Calls& cpd_;
  Calls& welfare_;
  const absl::CivilDay today_;
};

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_ANSWERS_H_
