// A small trust for tests of the leadership service: two schools, a head, a teacher with a class, a calendar. Made through the API.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_APP_TEST_TRUST_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_APP_TEST_TRUST_H_

#include <string>

#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/timestamp.pb.h"

#include "platform/testing/test_service.h"

namespace fivestrand::leadership {

// It is Tuesday 24 November 2026, 10:00, the twelfth school week.
class TestTrust {
 public:
  explicit TestTrust(testing::EngineKind engine);
  TestTrust(testing::EngineKind engine, service::RecordServiceSpec spec);

  testing::TestService& service() { return service_; }
  identity::Caller head() const { return testing::TestService::Person("acorn", "head", type::v1::ROLE_HEADTEACHER, {"northgate"}); }
  identity::Caller teacher() const {
    return testing::TestService::Person("acorn", "teacher", type::v1::ROLE_TEACHER, {"northgate"});
  }
  // A person who exists, with the role for the whole trust.
  identity::Caller ceo(type::v1::Role role = type::v1::ROLE_CEO) const {
    return testing::TestService::Person("acorn", "ceo", role);
  }
  std::string class_name() const { return "trusts/acorn/schools/northgate/classes/5-maple"; }

  void AddPerson(const std::string& id, const std::string& display_name);
  // Minutes from the service's clock.
  void SetTime(int minutes, google::protobuf::Timestamp* time);

 private:
  template <typename Request, typename Record>
  void Must(const std::string& method, const Request& request, Record* record);

  testing::TestService service_;
};

}  // namespace fivestrand::leadership

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_APP_TEST_TRUST_H_
