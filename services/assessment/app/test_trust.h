// An assessment service with a small trust, for its tests: two schools, classes `5-maple` and `5-oak` at northgate (taught by
// `teacher` and `other`) and `5-elm` at elmwood, subjects maths, writing and reading, and one open window of the autumn on the
// age-related scale.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_TRUST_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_TRUST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "fivestrand/assessment/v1/framework_service.pb.h"
#include "fivestrand/assessment/v1/import_service.pb.h"
#include "fivestrand/assessment/v1/pupil_service.pb.h"
#include "fivestrand/assessment/v1/results.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/testing/test_service.h"

namespace fivestrand::assessment {

// It is Tuesday 24 November 2026, 10:00.
class TestTrust {
 public:
  explicit TestTrust(testing::EngineKind engine);

  testing::TestService& service() { return service_; }

  static std::string Pupil(std::string_view id) { return "trusts/acorn/pupils/" + std::string(id); }
  static std::string Class(std::string_view school, std::string_view id) {
    return "trusts/acorn/schools/" + std::string(school) + "/classes/" + std::string(id);
  }
  static std::string Subject(std::string_view id) { return "trusts/acorn/subjects/" + std::string(id); }
  static std::string Window() { return "trusts/acorn/assessmentWindows/autumn"; }
  // A valid number, another one for each `serial`.
  static std::string Upn(int serial, int year = 26);

  // Subjects `s0`, `s1`, ... that the window assesses on the age-related scale.
  void AddSubjects(int count);
  // A pupil of year 5 who joined in September. `school_class` may be empty.
  void AddPupil(const std::string& id, int serial, std::string_view school, std::string_view school_class);
  // The pupil's enrolment of a school from a day on.
  void Enrol(const std::string& pupil, std::string_view school, std::string_view start);
  // What the service does by itself when a day begins.
  void RunUpkeep();
  void SetEntry(v1::AssessmentWindow::Entry entry);

  absl::StatusOr<v1::Grid> ReadGrid(const identity::Caller& caller, std::string_view school_class = "5-maple",
                                    std::string_view subject = "maths");
  struct Cell {
    std::string pupil, outcome;
    std::int64_t expected = 0;
  };
  absl::StatusOr<v1::BulkUpsertResultsResponse> Write(const identity::Caller& caller, const std::vector<Cell>& cells,
                                                      std::string_view school_class = "5-maple",
                                                      std::string_view subject = "maths");
  // What the pupil's results in the subject say; empty when there is none.
  v1::Result ResultOf(const std::string& pupil, std::string_view subject = "maths");

  // Sends the file in small pieces, a large one in larger ones.
  absl::StatusOr<v1::ImportAssessmentResponse> Import(const identity::Caller& caller, const v1::ImportHeader& header,
                                                      std::string_view bytes);
  // A long or wide file of results in the window, with the columns UPN, Subject, Grade, or UPN, Maths, Reading.
  static v1::ImportHeader Header(v1::ImportKind kind, v1::ColumnMapping::Shape shape);

  static identity::Caller DataLead() { return testing::TestService::Person("acorn", "data", type::v1::ROLE_DATA_LEAD); }
  static identity::Caller As(type::v1::Role role, std::vector<std::string> schools = {"northgate"},
                             const std::string& person = "somebody") {
    return testing::TestService::Person("acorn", person, role, std::move(schools));
  }
  static identity::Caller Teacher() { return As(type::v1::ROLE_TEACHER, {"northgate"}, "teacher"); }

  template <typename Response, typename Request>
  Response Must(const std::string& method, const Request& request);

 private:
  const service::RecordServiceSpec spec_;
  testing::TestService service_;
};

}  // namespace fivestrand::assessment

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_TRUST_H_
