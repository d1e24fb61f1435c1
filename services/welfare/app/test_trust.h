// A small trust for tests of the welfare service, and somebody who holds a copy of its store.
#ifndef FIVESTRAND_SERVICES_WELFARE_APP_TEST_TRUST_H_
#define FIVESTRAND_SERVICES_WELFARE_APP_TEST_TRUST_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "fivestrand/type/v1/role.pb.h"
#include "fivestrand/welfare/v1/pulse_service.pb.h"
#include "fivestrand/welfare/v1/welfare_service.pb.h"

#include "platform/testing/test_service.h"
#include "services/organisation/app/test_organisation.h"

namespace fivestrand::welfare {

inline constexpr char kWelfare[] = "fivestrand.welfare.v1.WelfareService.";
inline constexpr char kPulse[] = "fivestrand.welfare.v1.PulseService.";
inline constexpr char kTrust[] = "trusts/acorn";

// It is Tuesday 24 November 2026, 10:00. At the trust: hr and hr2 (HR directors), dpo, ceo. At Northgate: head, n1 to n13, of whom
// head manages n1. At Elmwood: elmhead, e1 to e11. At Oak: oakhead, o1 to o3.
class TestTrust {
 public:
  explicit TestTrust(testing::EngineKind engine);

  testing::TestService& service() { return service_; }
  organisation::TestOrganisation& organisation() { return organisation_; }

  static identity::Caller As(const std::string& person, type::v1::Role role, std::vector<std::string> schools = {}) {
    return testing::TestService::Person("acorn", person, role, std::move(schools));
  }
  static identity::Caller Hr(const std::string& person = "hr") { return As(person, type::v1::ROLE_HR_DIRECTOR); }
  static identity::Caller Dpo() { return As("dpo", type::v1::ROLE_DATA_PROTECTION_OFFICER); }
  static identity::Caller Staff(const std::string& person, const std::string& school = "northgate") {
    return As(person, type::v1::ROLE_TEACHER, {school});
  }
  static std::string Name(const std::string& person) { return "trusts/acorn/people/" + person; }

  template <typename Response>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const std::string& method,
                                const google::protobuf::Message& request) {
    return service_.Call<Response>(caller, method, request);
  }

  void SetTime(double hours, google::protobuf::Timestamp* time);
  google::type::Date Day(int days);
  void Grant(const std::string& person, type::v1::Role role);
  void Hire(const std::string& person, const std::string& school, leadership::v1::Post::Kind kind = leadership::v1::Post::TEACHER);

  // By the HR director; die when refused.
  v1::CheckIn PlanCheckIn(const std::string& person);
  v1::CheckIn HoldCheckIn(const std::string& person, double hours_ago = 1, const std::string& note = "",
                          const std::string& agreed = "");
  // By the person's manager.
  v1::WelfareConcern RaiseConcern(const std::string& text);
  v1::PulseSurvey OpenSurvey(int min_group_size = 5, const std::vector<std::string>& schools = {});
  absl::Status Answer(const std::string& survey, const std::string& person, const std::vector<int>& ratings);

  // Every row of every table as text, with bytes as they are and in hexadecimal: what whoever holds the store can read.
  std::string Dump();
  // The rows of one table so.
  std::vector<std::string> Rows(const std::string& table);
  bool sqlite() const { return engine_ == testing::EngineKind::kSqlite; }
  // The files of an SQLite store as they lie: the database and its log. Empty on PostgreSQL.
  std::string Files();

 private:
  const testing::EngineKind engine_;
  testing::TestService service_;
  organisation::TestOrganisation organisation_;
};

// Whether the text, or its hexadecimal form, is in the bytes.
bool Holds(const std::string& bytes, std::string_view text);

}  // namespace fivestrand::welfare

#endif  // FIVESTRAND_SERVICES_WELFARE_APP_TEST_TRUST_H_
