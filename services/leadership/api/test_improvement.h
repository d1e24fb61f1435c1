// The improvement service as callers of the whole service see it; the other services are fakes.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_TEST_IMPROVEMENT_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_TEST_IMPROVEMENT_H_

#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "services/leadership/api/fake_peers.h"
#include "services/leadership/app/leadership_spec.h"
#include "services/leadership/app/test_trust.h"

namespace fivestrand::leadership {

inline constexpr char kImprovement[] = "fivestrand.leadership.v1.ImprovementService.";
inline constexpr char kEvidence[] = "fivestrand.evidence.v1.EvidenceService.";
inline constexpr char kModel[] = "trusts/acorn/improvementModels/improvement";
inline constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
inline constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";

inline evidence::v1::Measure CoachingMeasure() {
  evidence::v1::Measure measure;
  measure.set_measure("coaching.cadence");
  measure.set_element("coaching");
  measure.set_direction(evidence::v1::HIGHER_IS_BETTER);
  measure.set_target(1);
  measure.set_amber(0.8);
  measure.set_red(0.5);
  return measure;
}

inline evidence::v1::Reading CoachingReading(const std::string& scope, double value) {
  evidence::v1::Reading reading;
  reading.set_measure("coaching.cadence");
  reading.set_scope(scope);
  reading.set_value(value);
  reading.set_band(evidence::v1::RED);
  return reading;
}

inline evidence::v1::SummariseEvidenceResponse CoachingIs(const std::vector<std::string>& scopes, double value) {
  evidence::v1::SummariseEvidenceResponse response;
  for (const std::string& scope : scopes) {
    auto* summary = response.add_summaries();
    *summary->mutable_measure() = CoachingMeasure();
    *summary->mutable_latest() = *summary->add_trend() = CoachingReading(scope, value);
  }
  return response;
}

// It is Tuesday 24 November 2026, 10:00.
class ImprovementFixture : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const std::string& method, const Request& request) {
    return trust_.service().Call<Response>(caller, method, request);
  }

  absl::StatusOr<v1::ImprovementModel> GetModel(const identity::Caller& caller, const std::string& name = kModel) {
    v1::GetImprovementModelRequest request;
    request.set_name(name);
    return Call<v1::ImprovementModel>(caller, absl::StrCat(kImprovement, "GetImprovementModel"), request);
  }
  absl::StatusOr<v1::ImprovementModel> UpdateModel(const identity::Caller& caller,
                                                   const v1::UpdateImprovementModelRequest& request) {
    return Call<v1::ImprovementModel>(caller, absl::StrCat(kImprovement, "UpdateImprovementModel"), request);
  }
  // The model as it stands, to be changed.
  v1::UpdateImprovementModelRequest Change() {
    v1::UpdateImprovementModelRequest request;
    *request.mutable_improvement_model() = *GetModel(trust_.ceo());
    return request;
  }
  static v1::ModelElement& Element(v1::ImprovementModel& model, const std::string& id) {
    for (auto& strand : *model.mutable_strands()) {
      for (auto& element : *strand.mutable_elements()) {
        if (element.element() == id) return element;
      }
    }
    std::abort();
  }

  absl::StatusOr<v1::Scoreboard> Board(const identity::Caller& caller, const std::string& parent) {
    v1::GetScoreboardRequest request;
    request.set_parent(parent);
    return Call<v1::Scoreboard>(caller, absl::StrCat(kImprovement, "GetScoreboard"), request);
  }
  static const v1::ElementStanding& Standing(const v1::ScoreboardColumn& column, const std::string& element) {
    for (const auto& standing : column.elements()) {
      if (standing.element() == element) return standing;
    }
    std::abort();
  }

  void CpdAnswers(double value) {
    peers_->On<evidence::v1::SummariseEvidenceRequest, evidence::v1::SummariseEvidenceResponse>(
        "cpd/SummariseEvidence", [value](const auto& request) {
          if (request.by_school()) return CoachingIs({"trusts/acorn", kNorthgate, kElmwood}, value);
          return CoachingIs({request.parent()}, value);
        });
  }
  void WithSettings(double red, double amber) {
    v1::UpdateImprovementModelRequest change = Change();
    auto* setting = Element(*change.mutable_improvement_model(), "coaching").add_measures();
    setting->set_measure("coaching.cadence");
    setting->set_red(red);
    setting->set_amber(amber);
    const auto changed = UpdateModel(trust_.ceo(), change);
    ASSERT_TRUE(changed.ok()) << changed.status();
  }

  std::shared_ptr<api::FakePeers> peers_ = std::make_shared<api::FakePeers>();
  TestTrust trust_{GetParam(), LeadershipSpec(peers_)};
};

}  // namespace fivestrand::leadership

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_TEST_IMPROVEMENT_H_
