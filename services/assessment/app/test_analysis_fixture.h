// The trust that tests of analysis begin with: two schools of three year groups of twenty, in groups, with results in three
// windows.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_ANALYSIS_FIXTURE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_ANALYSIS_FIXTURE_H_

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "fivestrand/assessment/v1/analysis.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "services/assessment/app/test_analysis_trust.h"

namespace fivestrand::assessment {

inline constexpr char kNorth[] = "trusts/acorn/schools/north";

inline std::string Outcome(int number) {
  constexpr const char* kOutcomes[] = {"WTS", "EXS", "GDS", "EXS", "WTS", "EXS", "A", "GDS", "EXS", "EXS"};
  return kOutcomes[number * 7 % 10];
}

// A third is disadvantaged, a fifth has special needs, one in forty is looked after.
class AnalysisTest : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  AnalysisTest() : trust_(GetParam()) {
    int next = 1;
    for (const char* school : {"north", "south"}) {
      for (int year = 4; year <= 6; ++year) {
        trust_.AddPupils(next, 20, school, year);
        for (int pupil = next; pupil < next + 20; ++pupil) places_.push_back({pupil, school, year});
        next += 20;
      }
    }
    std::vector<AnalysisTrust::Cell> cells;
    for (const Place& place : places_) {
      if (place.pupil % 3 == 0) trust_.AddGroup(place.pupil, v1::GroupMembership::DISADVANTAGED, "2020-09-01");
      if (place.pupil % 5 == 0) trust_.AddGroup(place.pupil, v1::GroupMembership::SEN_SUPPORT, "2025-09-01");
      if (place.pupil % 40 == 0) trust_.AddGroup(place.pupil, v1::GroupMembership::LOOKED_AFTER, "2020-09-01");
      for (const char* window : {"autumn-25", "spring-26", "autumn-26"}) {
        for (const char* subject : {"reading", "maths", "art"})
          cells.push_back({place.pupil, subject, window, place.school, Outcome(place.pupil + *window * 3 + *subject), place.year});
      }
    }
    trust_.Put(cells);
  }

  struct Place {
    int pupil;
    std::string school;
    int year;
  };

  static v1::AnalyseResultsRequest Ask(const std::string& parent, std::vector<v1::ResultDimension> by = {}) {
    v1::AnalyseResultsRequest request;
    request.set_parent(parent);
    request.set_measure(v1::SHARE_AT_EXPECTED);
    for (const auto dimension : by) request.add_group_by(dimension);
    return request;
  }

  // Of the only cell.
  v1::Figure One(const identity::Caller& caller, const v1::AnalyseResultsRequest& request) {
    const auto response = trust_.Analyse(caller, request);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok() || response->cells().empty()) return {};
    EXPECT_EQ(response->cells_size(), 1);
    return response->cells(0).figure();
  }

  AnalysisTrust trust_;
  std::vector<Place> places_;
  const identity::Caller lead_ = AnalysisTrust::Person(type::v1::ROLE_DATA_LEAD);
  const identity::Caller head_ = AnalysisTrust::Person(type::v1::ROLE_HEADTEACHER, {"north"});
  const identity::Caller director_ = AnalysisTrust::Person(type::v1::ROLE_DIRECTOR);
};

}  // namespace fivestrand::assessment

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_APP_TEST_ANALYSIS_FIXTURE_H_
