// History that is brought in from elsewhere: dated by an operator, and by nobody else.
#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/test_calendars.h"
#include "services/leadership/app/test_loop.h"

namespace fivestrand::leadership {
namespace {

using calendar::D;
using testing::TestService;

class LoopHistoryTest : public LoopFixture {
 protected:
  static void At(std::string_view day, int hour, google::protobuf::Timestamp* time) {
    time->set_seconds(absl::ToUnixSeconds(calendar::StartOf(D(day)) + absl::Hours(hour)));
  }
  static std::string DayOf(const google::protobuf::Timestamp& time) {
    return calendar::FormatDay(calendar::DayOf(absl::FromUnixSeconds(time.seconds())));
  }

  v1::EvaluateRulesRequest AsOf(std::string_view day) {
    v1::EvaluateRulesRequest request;
    request.set_parent("trusts/acorn");
    request.set_measure(kDropInDays);
    request.set_scope(kNorthgate);
    *request.mutable_as_of() = calendar::ToProto(D(day));
    return request;
  }
  v1::EvaluateRulesResponse Evaluate(std::string_view day) {
    return Must<v1::EvaluateRulesResponse>(TestService::Operator(), "ImprovementService.EvaluateRules", AsOf(day));
  }
  absl::Status Refused(const identity::Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    return Call<v1::Concern>(caller, "ImprovementService." + method, request).status();
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, LoopHistoryTest, ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

TEST_P(LoopHistoryTest, RulesRunAsOfADay) {
  Define();
  // Red at once, and all is well since. What closed more than ten weeks ago raises nothing by itself.
  ReadWeek("2026-06-08", 0.2);
  ReadWeek("2026-06-15", 0.9);
  EXPECT_TRUE(Concerns(Ceo()).empty());
  // The week is not over on its Sunday morning.
  EXPECT_EQ(Evaluate("2026-06-14").raised(), 0);
  EXPECT_EQ(Evaluate("2026-06-15").raised(), 1);
  const v1::Concern concern = OneConcern(Ceo());
  EXPECT_EQ(concern.rule(), v1::OUT_OF_BAND);
  EXPECT_EQ(DayOf(concern.raise_time()), "2026-06-15");
  EXPECT_EQ(calendar::FromProto(concern.signal_date()), D("2026-06-14"));
  EXPECT_EQ(concern.evidence_size(), 1);
  // Twice changes nothing.
  EXPECT_EQ(Evaluate("2026-06-15").raised(), 0);
  EXPECT_EQ(Concerns(Ceo()).size(), 1u);
}

TEST_P(LoopHistoryTest, WhatTheRulesRaisedLaterIsDatedBackUntilSomebodyHasAnswered) {
  Define();
  ReadWeek("2026-11-02", 0.2);
  ReadWeek("2026-11-09", 0.3);
  const v1::Concern raised = OneConcern(Ceo());
  EXPECT_EQ(DayOf(raised.raise_time()), "2026-11-24");
  EXPECT_EQ(Evaluate("2026-11-09").raised(), 1);
  const v1::Concern dated = OneConcern(Ceo());
  EXPECT_EQ(dated.name(), raised.name());
  EXPECT_EQ(DayOf(dated.raise_time()), "2026-11-09");
  EXPECT_EQ(calendar::FromProto(dated.signal_date()), D("2026-11-08"));
  // The later week joins it all the same.
  EXPECT_EQ(dated.evidence_size(), 2);

  v1::AcknowledgeConcernRequest acknowledge;
  acknowledge.set_name(dated.name());
  Must<v1::Concern>(Head(), "ImprovementService.AcknowledgeConcern", acknowledge);
  ReadWeek("2026-10-26", 0.1);
  EXPECT_EQ(Evaluate("2026-11-02").raised(), 0);
  EXPECT_EQ(DayOf(OneConcern(Ceo()).raise_time()), "2026-11-09");
}

TEST_P(LoopHistoryTest, AThreadOfLastYear) {
  Define();
  ReadWeek("2026-05-04", 0.2);
  Evaluate("2026-05-11");
  const v1::Concern concern = OneConcern(Ceo());
  const auto operator_caller = TestService::Operator();

  v1::AcknowledgeConcernRequest acknowledge;
  acknowledge.set_name(concern.name());
  // An operator answers nothing of today, nobody else dates anything, and time has a direction.
  EXPECT_TRUE(absl::IsPermissionDenied(Refused(operator_caller, "AcknowledgeConcern", acknowledge)));
  At("2026-05-12", 9, acknowledge.mutable_event_time());
  EXPECT_TRUE(absl::IsPermissionDenied(Refused(Head(), "AcknowledgeConcern", acknowledge)));
  At("2026-05-10", 9, acknowledge.mutable_event_time());
  EXPECT_TRUE(absl::IsInvalidArgument(Refused(operator_caller, "AcknowledgeConcern", acknowledge)));
  At("2026-11-25", 9, acknowledge.mutable_event_time());
  EXPECT_TRUE(absl::IsInvalidArgument(Refused(operator_caller, "AcknowledgeConcern", acknowledge)));
  At("2026-05-12", 9, acknowledge.mutable_event_time());
  EXPECT_EQ(DayOf(Must<v1::Concern>(operator_caller, "ImprovementService.AcknowledgeConcern", acknowledge).acknowledge_time()),
            "2026-05-12");

  v1::OpenImprovementThreadRequest open;
  open.set_parent("trusts/acorn");
  open.mutable_improvement_thread()->set_title("Drop-ins");
  open.mutable_improvement_thread()->set_lead(Head().subject);
  open.add_concerns(concern.name());
  At("2026-05-12", 8, open.mutable_event_time());
  EXPECT_TRUE(absl::IsInvalidArgument(Refused(operator_caller, "OpenImprovementThread", open)));
  At("2026-05-13", 9, open.mutable_event_time());
  EXPECT_TRUE(absl::IsPermissionDenied(Refused(Head(), "OpenImprovementThread", open)));
  const auto thread = Must<v1::ImprovementThread>(operator_caller, "ImprovementService.OpenImprovementThread", open);
  EXPECT_EQ(DayOf(thread.open_time()), "2026-05-13");
  EXPECT_EQ(thread.lead(), Head().subject);

  v1::CloseImprovementThreadRequest close;
  close.set_name(thread.name());
  close.set_outcome(v1::SUPERSEDED);
  close.set_closing_note("The post changed hands.");
  close.set_closed_by(Head().subject);
  EXPECT_TRUE(absl::IsPermissionDenied(Refused(Head(), "CloseImprovementThread", close)));
  At("2026-05-12", 9, close.mutable_event_time());
  EXPECT_TRUE(absl::IsInvalidArgument(Refused(operator_caller, "CloseImprovementThread", close)));
  At("2026-07-01", 9, close.mutable_event_time());
  const auto closed = Must<v1::ImprovementThread>(operator_caller, "ImprovementService.CloseImprovementThread", close);
  EXPECT_EQ(DayOf(closed.close_time()), "2026-07-01");
  EXPECT_EQ(closed.closed_by(), Head().subject);
  EXPECT_EQ(DayOf(OneConcern(Ceo()).end_time()), "2026-07-01");

  v1::DismissConcernRequest dismiss;
  dismiss.set_name(concern.name());
  dismiss.set_reason("No");
  EXPECT_TRUE(absl::IsPermissionDenied(Refused(operator_caller, "DismissConcern", dismiss)));
}

TEST_P(LoopHistoryTest, OnlyAnOperatorRunsTheRulesAsOfADay) {
  Define();
  EXPECT_TRUE(absl::IsPermissionDenied(Refused(Ceo(), "EvaluateRules", AsOf("2026-06-15"))));
  EXPECT_TRUE(absl::IsInvalidArgument(Refused(TestService::Operator(), "EvaluateRules", AsOf("2026-11-25"))));
  v1::EvaluateRulesRequest request = AsOf("2026-06-15");
  request.clear_measure();
  EXPECT_TRUE(absl::IsInvalidArgument(Refused(TestService::Operator(), "EvaluateRules", request)));
  request.set_measure(kDropInDays);
  request.set_scope("trusts/beech/schools/x");
  EXPECT_TRUE(absl::IsInvalidArgument(Refused(TestService::Operator(), "EvaluateRules", request)));
}

}  // namespace
}  // namespace fivestrand::leadership
