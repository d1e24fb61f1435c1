// What is asked of the assessment service, against a server with its contract that answers what the test says.
#include "services/leadership/api/comparison.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "fivestrand/assessment/v1/analysis.pb.h"
#include "fivestrand/assessment/v1/framework_service.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/rpc/call_context.h"
#include "platform/rpc/server.h"
#include "platform/status/status.h"
#include "platform/testing/test_service.h"

namespace fivestrand::leadership::api {
namespace {

using calendar::D;
using testing::TestService;

class ComparisonTest : public ::testing::Test {
 protected:
  ComparisonTest() : service_(testing::EngineKind::kSqlite, Spec(), absl::FromUnixSeconds(1'790'000'000)) {
    caller_ = std::make_shared<const identity::Caller>(TestService::Person("acorn", "head", type::v1::ROLE_HEADTEACHER));
    context_.caller = caller_;
    context_.token = service_.TokenFor(*caller_);
    context_.trust = "acorn";
    context_.deadline = absl::Now() + absl::Seconds(20);
    AddWindow("autumn-1", "Autumn 1", "2026-09-14");
    AddWindow("autumn-2", "Autumn 2", "2026-11-16");
    AddWindow("autumn-2-mock", "Mock", "2026-11-16");
    answer_.set_difference(2.5);
    answer_.set_difference_low(0.5);
    answer_.set_difference_high(4.5);
    answer_.set_pupils(24);
    answer_.set_similar_pupils(310);
  }

  service::RecordServiceSpec Spec() {
    static constexpr identity::AccessRule kRules[] = {{type::v1::ROLE_HEADTEACHER, "assessment.*", identity::Reach::kTrust}};
    service::RecordServiceSpec spec;
    spec.name = "assessment";
    spec.access_rules = kRules;
    spec.services = {"fivestrand.assessment.v1.AnalysisService", "fivestrand.assessment.v1.FrameworkService"};
    for (const std::string& name : spec.services) {
      const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
      for (int i = 0; i < service->method_count(); ++i) spec.custom_methods.insert(service->method(i)->name());
    }
    spec.declare = [](resource::Registry*) {
      return absl::OkStatus();
    };
    spec.bind = [this](resource::Registry&, rpc::Server& server) {
      server.Handle<assessment::v1::ListAssessmentWindowsRequest, assessment::v1::ListAssessmentWindowsResponse>(
          rpc::FindMethod("fivestrand.assessment.v1.FrameworkService.ListAssessmentWindows"), rpc::Runs::kInline,
          [this](const rpc::CallContext&, const auto& request, auto* response) {
            EXPECT_EQ(request.parent(), "trusts/acorn");
            *response = windows_;
            return absl::OkStatus();
          });
      server.Handle<assessment::v1::CompareProgressRequest, assessment::v1::ProgressComparison>(
          rpc::FindMethod("fivestrand.assessment.v1.AnalysisService.CompareProgress"), rpc::Runs::kInline,
          [this](const rpc::CallContext&, const auto& request, auto* response) {
            asked_.push_back(request);
            *response = answer_;
            return refuse_ ? status::Denied("assessment.analysis.read") : absl::OkStatus();
          });
    };
    return spec;
  }

  void AddWindow(const std::string& id, const std::string& name, std::string_view start) {
    auto* window = windows_.add_assessment_windows();
    window->set_name("trusts/acorn/assessmentWindows/" + id);
    window->set_display_name(name);
    *window->mutable_start_date() = calendar::ToProto(D(start));
    *window->mutable_end_date() = calendar::ToProto(D(start) + 11);
  }
  static evidence::v1::Period Window(std::string_view start, const std::string& label) {
    evidence::v1::Period period;
    period.set_label(label);
    *period.mutable_start_date() = calendar::ToProto(D(start));
    *period.mutable_end_date() = calendar::ToProto(D(start) + 11);
    return period;
  }
  static Comparable One() {
    Comparable one{.effect = 0, .scope = "trusts/acorn/schools/northgate"};
    one.cut.set_subject("trusts/acorn/subjects/writing");
    one.cut.set_year_group(type::v1::YEAR_GROUP_5);
    one.cut.set_group(type::v1::PUPIL_GROUP_DISADVANTAGED);
    one.before = Window("2026-09-14", "Autumn 1");
    one.after = Window("2026-11-16", "Autumn 2");
    return one;
  }
  v1::ThreadEffect Ask(const Comparable& one, bool known = true) {
    v1::ThreadTimeline timeline;
    timeline.add_effects();
    Compare(
        [&]() -> std::shared_ptr<rpc::Client> {
          return known ? std::shared_ptr<rpc::Client>(&service_.client(), [](rpc::Client*) {}) : nullptr;
        },
        context_, {one}, &timeline);
    return timeline.effects(0);
  }

  assessment::v1::ListAssessmentWindowsResponse windows_;
  assessment::v1::ProgressComparison answer_;
  bool refuse_ = false;
  std::vector<assessment::v1::CompareProgressRequest> asked_;
  TestService service_;
  std::shared_ptr<const identity::Caller> caller_;
  rpc::CallContext context_;
};

TEST_F(ComparisonTest, AsksForThePupilsOfTheConcernBetweenTheWindowsOfTheEffect) {
  const v1::ThreadEffect effect = Ask(One());
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0].parent(), "trusts/acorn/schools/northgate");
  EXPECT_EQ(asked_[0].subject(), "trusts/acorn/subjects/writing");
  EXPECT_EQ(asked_[0].baseline_window(), "trusts/acorn/assessmentWindows/autumn-1");
  EXPECT_EQ(asked_[0].window(), "trusts/acorn/assessmentWindows/autumn-2") << "of two of the same days the one of that name";
  ASSERT_EQ(asked_[0].cut().year_groups_size(), 1);
  EXPECT_EQ(asked_[0].cut().pupil_groups(0), type::v1::PUPIL_GROUP_DISADVANTAGED);
  EXPECT_EQ(effect.comparison().difference(), 2.5);
  EXPECT_EQ(effect.comparison().lower(), 0.5);
  EXPECT_EQ(effect.comparison().upper(), 4.5);
  EXPECT_EQ(effect.comparison().concerned(), 24);
  EXPECT_EQ(effect.comparison().compared(), 310);
}

TEST_F(ComparisonTest, TooFewIsSaidWithoutAFigure) {
  answer_.set_too_few(true);
  const v1::ThreadEffect effect = Ask(One());
  EXPECT_TRUE(effect.comparison().too_few());
  EXPECT_FALSE(effect.comparison().has_difference());
  EXPECT_EQ(effect.comparison().concerned(), 0);
}

TEST_F(ComparisonTest, WithoutAnAnswerItIsAbsent) {
  EXPECT_FALSE(Ask(One(), /*known=*/false).has_comparison());
  Comparable unknown = One();
  unknown.after = Window("2026-12-01", "Autumn 3");
  EXPECT_FALSE(Ask(unknown).has_comparison());
  refuse_ = true;
  EXPECT_FALSE(Ask(One()).has_comparison());
}

}  // namespace
}  // namespace fivestrand::leadership::api
