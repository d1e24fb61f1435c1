// A trust with results for tests of analysis: two schools, five year groups, pupils in classes and groups, windows of two years.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_ANALYSIS_TRUST_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_ANALYSIS_TRUST_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fivestrand/assessment/v1/analysis.pb.h"
#include "fivestrand/assessment/v1/pupils.pb.h"

#include "platform/testing/test_service.h"
#include "services/assessment/store/frame_keeper.h"
#include "services/organisation/app/test_organisation.h"

namespace fivestrand::assessment {

// It is Tuesday 24 November 2026, 10:00.
class AnalysisTrust {
 public:
  explicit AnalysisTrust(testing::EngineKind engine);

  testing::TestService& service() { return service_; }
  store::FrameKeeper& keeper() { return *keeper_; }

  // Pupil `p<number>` in a school, from 2025-09-01 on, in year 4 to 6 (also in 2026-27) and the class of that school and year.
  void AddPupils(int first, int count, const std::string& school, int year);
  void AddGroup(int pupil, v1::GroupMembership::Group group, std::string_view start, std::string_view end = "");
  void EndGroup(const std::string& membership, std::string_view end);
  std::string last_membership() const { return last_membership_; }

  // The trust's setting, as the feed of the organisation brings it; 0 for the default.
  void SetThreshold(int threshold);

  // `outcome` is a code of the scale `age-related`; empty takes the result away. As the service writes results: durable, then told;
  // untold is as another process on the same database writes them.
  struct Cell {
    int pupil;
    std::string subject, window, school, outcome;
    int year;
  };
  void Put(const std::vector<Cell>& cells, bool told = true);

  absl::StatusOr<v1::AnalyseResultsResponse> Analyse(const identity::Caller& caller, const v1::AnalyseResultsRequest& request) {
    return service_.Call<v1::AnalyseResultsResponse>(caller, "fivestrand.assessment.v1.AnalysisService.AnalyseResults", request);
  }
  absl::StatusOr<v1::ListAnalysedPupilsResponse> List(const identity::Caller& caller,
                                                      const v1::ListAnalysedPupilsRequest& request) {
    return service_.Call<v1::ListAnalysedPupilsResponse>(caller, "fivestrand.assessment.v1.AnalysisService.ListAnalysedPupils",
                                                         request);
  }

  static identity::Caller Person(type::v1::Role role, std::vector<std::string> schools = {}, const std::string& id = "somebody") {
    return testing::TestService::Person("acorn", id, role, std::move(schools));
  }

 private:
  template <typename Request, typename Record>
  Record Must(const std::string& method, const Request& request);

  std::shared_ptr<store::SharedFrames> frames_;
  testing::TestService service_;
  organisation::TestOrganisation organisation_;
  std::shared_ptr<store::FrameKeeper> keeper_;
  std::string last_membership_;
};

}  // namespace fivestrand::assessment

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_ANALYSIS_TRUST_H_
