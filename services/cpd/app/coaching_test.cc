// Coaching through a real server, on both engines: what the two people can do, and what nobody else can.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/cpd/app/test_cpd.h"

namespace fivestrand::cpd {
namespace {

using testing::EngineKind;
using ::testing::HasSubstr;
using testing::TestService;

class CoachingTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  template <typename Response>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const char* method, const google::protobuf::Message& request) {
    return cpd_.Call<Response>(caller, absl::StrCat(kCoaching, method), request);
  }
  template <typename Response, typename Request>
  absl::StatusOr<Response> OnName(const identity::Caller& caller, const char* method, const std::string& name) {
    Request request;
    request.set_name(name);
    return Call<Response>(caller, method, request);
  }

  TestCpd cpd_{GetParam()};
  const identity::Caller coach_ = TestCpd::Teacher("coach");
  const identity::Caller coachee_ = TestCpd::Teacher("coachee");
};

TEST_P(CoachingTest, ACycleFromBeginningToEnd) {
  const v1::CoachingCycle cycle = cpd_.MakeCycle();
  EXPECT_EQ(cycle.coach(), coach_.subject) << "the caller, as none was named";
  EXPECT_EQ(cycle.school(), "trusts/acorn/schools/northgate") << "the coachee's";
  EXPECT_EQ(cycle.state(), v1::CoachingCycle::ACTIVE);
  EXPECT_EQ(cycle.cadence(), v1::CoachingCycle::FORTNIGHTLY);

  v1::CreateCoachingSessionRequest plan;
  plan.set_parent("trusts/acorn");
  plan.mutable_coaching_session()->set_cycle(cycle.name());
  cpd_.SetTime(24, plan.mutable_coaching_session()->mutable_planned_time());
  auto session = Call<v1::CoachingSession>(coachee_, "CreateCoachingSession", plan);
  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_EQ(session->state(), v1::CoachingSession::PLANNED);
  v1::HoldSessionRequest hold;
  hold.set_name(session->name());
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<v1::CoachingSession>(coach_, "HoldSession", hold).status())) << "it lies ahead";
  cpd_.service().clock().Advance(absl::Hours(25));
  hold.set_note("Cold calling, then wait");
  session = Call<v1::CoachingSession>(coach_, "HoldSession", hold);
  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_EQ(session->state(), v1::CoachingSession::HELD);
  EXPECT_EQ(session->note(), "Cold calling, then wait");

  const v1::ActionStep step = cpd_.MakeStep(cycle.name(), "Wait three seconds");
  v1::CreateActionStepRequest second;
  second.set_parent("trusts/acorn");
  second.mutable_action_step()->set_cycle(cycle.name());
  second.mutable_action_step()->set_text("Another one");
  *second.mutable_action_step()->mutable_due_date() = cpd_.Day(7);
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<v1::ActionStep>(coach_, "CreateActionStep", second).status())) << "one at a time";
  v1::AchieveStepRequest achieve;
  achieve.set_name(step.name());
  achieve.set_seen("Five seconds, twice");
  auto achieved = Call<v1::ActionStep>(coach_, "AchieveStep", achieve);
  ASSERT_TRUE(achieved.ok()) << achieved.status();
  EXPECT_EQ(achieved->state(), v1::ActionStep::ACHIEVED);
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<v1::ActionStep>(coach_, "AchieveStep", achieve).status()));
  EXPECT_TRUE(Call<v1::ActionStep>(coach_, "CreateActionStep", second).ok()) << "now the next";

  auto room = OnName<v1::CoachingRoom, v1::ReadCoachingRoomRequest>(coachee_, "ReadCoachingRoom", cycle.name());
  ASSERT_TRUE(room.ok()) << room.status();
  ASSERT_EQ(room->sessions_size(), 1);
  EXPECT_EQ(room->sessions(0).note(), "Cold calling, then wait");
  ASSERT_EQ(room->steps_size(), 2);
  EXPECT_EQ(room->steps(0).text(), "Another one") << "newest first";
  EXPECT_EQ(room->steps(1).seen(), "Five seconds, twice");

  cpd_.SetTime(24, plan.mutable_coaching_session()->mutable_planned_time());
  auto ahead = Call<v1::CoachingSession>(coachee_, "CreateCoachingSession", plan);
  ASSERT_TRUE(ahead.ok()) << ahead.status();
  v1::CompleteCycleRequest complete;
  complete.set_name(cycle.name());
  complete.set_outcome("Everybody answers now");
  auto completed = Call<v1::CoachingCycle>(coach_, "CompleteCycle", complete);
  ASSERT_TRUE(completed.ok()) << completed.status();
  EXPECT_EQ(completed->state(), v1::CoachingCycle::COMPLETED);
  EXPECT_EQ(completed->outcome(), "Everybody answers now");
  auto gone = OnName<v1::CoachingSession, v1::GetCoachingSessionRequest>(coachee_, "GetCoachingSession", ahead->name());
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->state(), v1::CoachingSession::CANCELLED) << "nobody waits for it";
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<v1::CoachingSession>(coachee_, "CreateCoachingSession", plan).status()));
}

TEST_P(CoachingTest, CancellingTakesStepAndSessionsAlong) {
  const v1::CoachingCycle cycle = cpd_.MakeCycle();
  const v1::ActionStep step = cpd_.MakeStep(cycle.name(), "Try it");
  auto cancelled = OnName<v1::CoachingCycle, v1::CancelCycleRequest>(coachee_, "CancelCycle", cycle.name());
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), v1::CoachingCycle::CANCELLED);
  auto dropped = OnName<v1::ActionStep, v1::GetActionStepRequest>(coach_, "GetActionStep", step.name());
  ASSERT_TRUE(dropped.ok()) << dropped.status();
  EXPECT_EQ(dropped->state(), v1::ActionStep::DROPPED);
}

TEST_P(CoachingTest, OnlyTheCoacheeSharesAStep) {
  const v1::CoachingCycle cycle = cpd_.MakeCycle();
  const v1::ActionStep step = cpd_.MakeStep(cycle.name(), "Wait three seconds");
  const identity::Caller colleague = TestCpd::Teacher("colleague", "elmwood");
  v1::ListSharedStepsRequest list;
  list.set_parent("trusts/acorn");
  v1::ShareStepRequest share;
  share.set_name(step.name());
  share.add_people(colleague.subject);
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::ActionStep>(coach_, "ShareStep", share).status())) << "not even the coach";
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::ActionStep>(colleague, "ShareStep", share).status()));
  auto none = Call<v1::ListSharedStepsResponse>(colleague, "ListSharedSteps", list);
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->shared_steps_size(), 0);

  share.add_people("trusts/acorn/people/nobody");
  const absl::Status unknown = Call<v1::ActionStep>(coachee_, "ShareStep", share).status();
  EXPECT_TRUE(absl::IsInvalidArgument(unknown)) << unknown;
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("people[1]"));
  share.mutable_people()->RemoveLast();
  auto shared = Call<v1::ActionStep>(coachee_, "ShareStep", share);
  ASSERT_TRUE(shared.ok()) << shared.status();
  auto seen = Call<v1::ListSharedStepsResponse>(colleague, "ListSharedSteps", list);
  ASSERT_TRUE(seen.ok()) << seen.status();
  ASSERT_EQ(seen->shared_steps_size(), 1);
  EXPECT_EQ(seen->shared_steps(0).text(), "Wait three seconds");
  EXPECT_EQ(seen->shared_steps(0).coachee(), coachee_.subject);
  // The step, and nothing around it.
  EXPECT_FALSE((OnName<v1::CoachingRoom, v1::ReadCoachingRoomRequest>(colleague, "ReadCoachingRoom", cycle.name()).ok()));
  EXPECT_FALSE((OnName<v1::CoachingCycle, v1::GetCoachingCycleRequest>(colleague, "GetCoachingCycle", cycle.name()).ok()));

  share.clear_people();
  ASSERT_TRUE(Call<v1::ActionStep>(coachee_, "ShareStep", share).ok());
  seen = Call<v1::ListSharedStepsResponse>(colleague, "ListSharedSteps", list);
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(seen->shared_steps_size(), 0) << "no longer shared";
}

TEST_P(CoachingTest, NobodyElseLearnsThatThereIsACycle) {
  const v1::CoachingCycle cycle = cpd_.MakeCycle();
  v1::GetCoachingCycleRequest missing;
  missing.set_name("trusts/acorn/coachingCycles/none");
  v1::ListCoachingCyclesRequest list;
  list.set_parent("trusts/acorn");
  for (int number = 1; number <= 25; ++number) {
    if (!type::v1::Role_IsValid(number)) continue;
    const auto role = static_cast<type::v1::Role>(number);
    const identity::Caller caller = TestCpd::As("manager", role);
    auto got = OnName<v1::CoachingCycle, v1::GetCoachingCycleRequest>(caller, "GetCoachingCycle", cycle.name());
    auto none = Call<v1::CoachingCycle>(caller, "GetCoachingCycle", missing);
    EXPECT_TRUE(absl::IsPermissionDenied(got.status())) << type::v1::Role_Name(role) << got.status();
    EXPECT_EQ(got.status().message(), none.status().message()) << "the same answer for what is and what is not";
    auto room = OnName<v1::CoachingRoom, v1::ReadCoachingRoomRequest>(caller, "ReadCoachingRoom", cycle.name());
    EXPECT_TRUE(absl::IsPermissionDenied(room.status())) << type::v1::Role_Name(role);
    auto listed = Call<v1::ListCoachingCyclesResponse>(caller, "ListCoachingCycles", list);
    ASSERT_TRUE(listed.ok()) << listed.status();
    EXPECT_EQ(listed->coaching_cycles_size(), 0) << type::v1::Role_Name(role);
    // Nor by writing into it.
    v1::CreateActionStepRequest step;
    step.set_parent("trusts/acorn");
    step.mutable_action_step()->set_text("Guess");
    *step.mutable_action_step()->mutable_due_date() = cpd_.Day(7);
    step.mutable_action_step()->set_cycle(cycle.name());
    const absl::Status into = Call<v1::ActionStep>(caller, "CreateActionStep", step).status();
    step.mutable_action_step()->set_cycle(missing.name());
    const absl::Status beside = Call<v1::ActionStep>(caller, "CreateActionStep", step).status();
    EXPECT_TRUE(absl::IsPermissionDenied(into)) << into;
    EXPECT_EQ(into.message(), beside.message());
  }
  auto own = Call<v1::ListCoachingCyclesResponse>(coach_, "ListCoachingCycles", list);
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->coaching_cycles_size(), 1);
}

TEST_P(CoachingTest, NobodyMakesACycleOfTwoOthers) {
  v1::CreateCoachingCycleRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_coaching_cycle()->set_coach(coach_.subject);
  create.mutable_coaching_cycle()->set_coachee(coachee_.subject);
  *create.mutable_coaching_cycle()->mutable_start_date() = cpd_.Day(0);
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::CoachingCycle>(TestCpd::Lead(), "CreateCoachingCycle", create).status()));
  create.mutable_coaching_cycle()->set_coach(coachee_.subject);
  const absl::Status alone = Call<v1::CoachingCycle>(coachee_, "CreateCoachingCycle", create).status();
  EXPECT_TRUE(absl::IsInvalidArgument(alone)) << alone;
  EXPECT_THAT(std::string(alone.message()), HasSubstr("coachee"));
}

TEST_P(CoachingTest, CountsForThoseWhoRunItAndTheHeadteacher) {
  cpd_.MakeStep(cpd_.MakeCycle().name(), "Try it");
  cpd_.MakeCycle("teacher", "coachee");
  v1::ReadCoachingCountsRequest count;
  count.set_parent("trusts/acorn/schools/northgate");
  for (const identity::Caller& caller : {TestCpd::Lead(), TestCpd::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"})}) {
    auto counts = Call<v1::CoachingCounts>(caller, "ReadCoachingCounts", count);
    ASSERT_TRUE(counts.ok()) << counts.status();
    EXPECT_EQ(counts->cycles(), 2);
    EXPECT_EQ(counts->sessions_held(), 0);
  }
  for (const identity::Caller& caller :
       {TestCpd::As("other-head", type::v1::ROLE_HEADTEACHER, {"elmwood"}), TestCpd::As("manager", type::v1::ROLE_ADMINISTRATOR),
        TestCpd::As("manager", type::v1::ROLE_DIRECTOR), coach_}) {
    EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::CoachingCounts>(caller, "ReadCoachingCounts", count).status()));
  }
  count.set_parent("trusts/acorn/schools/elmwood");
  auto elsewhere = Call<v1::CoachingCounts>(TestCpd::Lead(), "ReadCoachingCounts", count);
  ASSERT_TRUE(elsewhere.ok());
  EXPECT_EQ(elsewhere->cycles(), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, CoachingTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return std::string(testing::EngineName(info.param)); });

}  // namespace
}  // namespace fivestrand::cpd
