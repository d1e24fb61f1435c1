// A small trust for tests of the cpd service: two schools with a calendar, people with posts, a course and its events.
#ifndef FIVESTRAND_SERVICES_CPD_APP_TEST_CPD_H_
#define FIVESTRAND_SERVICES_CPD_APP_TEST_CPD_H_

#include <string>

#include "absl/status/statusor.h"
#include "fivestrand/cpd/v1/coaching_service.pb.h"
#include "fivestrand/cpd/v1/learning_service.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/testing/test_service.h"
#include "services/organisation/app/test_organisation.h"

namespace fivestrand::cpd {

inline constexpr char kCoaching[] = "fivestrand.cpd.v1.CoachingService.";
inline constexpr char kLearning[] = "fivestrand.cpd.v1.LearningService.";

// It is Tuesday 24 November 2026, 10:00. At Northgate: coach, coachee, teacher, head; at Elmwood: colleague, other-head. At the
// trust: lead, manager, who line-manages the teacher.
class TestCpd {
 public:
  explicit TestCpd(testing::EngineKind engine);

  testing::TestService& service() { return service_; }
  organisation::TestOrganisation& organisation() { return organisation_; }

  static identity::Caller As(const std::string& person, type::v1::Role role, std::vector<std::string> schools = {}) {
    return testing::TestService::Person("acorn", person, role, std::move(schools));
  }
  static identity::Caller Teacher(const std::string& person, const std::string& school = "northgate") {
    return As(person, type::v1::ROLE_TEACHER, {school});
  }
  static identity::Caller Lead() { return As("lead", type::v1::ROLE_CPD_LEAD); }
  static std::string PersonName(const std::string& person) { return "trusts/acorn/people/" + person; }

  template <typename Response>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const std::string& method,
                                const google::protobuf::Message& request) {
    return service_.Call<Response>(caller, method, request);
  }

  // Hours from the service's clock.
  void SetTime(double hours, google::protobuf::Timestamp* time);
  google::type::Date Day(int days);

  // Made by the coach, with the coachee; dies when refused.
  v1::CoachingCycle MakeCycle(const std::string& coach = "coach", const std::string& coachee = "coachee");
  v1::ActionStep MakeStep(const std::string& cycle, const std::string& text);
  // By the CPD lead: one date, of two hours, that begins in so many hours.
  v1::CpdEvent MakeEvent(int seats, double hours_ahead = 48);
  absl::StatusOr<v1::Booking> Book(const std::string& event, const identity::Caller& caller, const std::string& element = "");
  // By the CPD lead, also for an event that is past; dies when refused.
  v1::Booking Enter(const std::string& event, const std::string& person, const std::string& element = "");

 private:
  testing::TestService service_;
  organisation::TestOrganisation organisation_;
  std::string course_;
};

}  // namespace fivestrand::cpd

#endif  // FIVESTRAND_SERVICES_CPD_APP_TEST_CPD_H_
