// Who read what two people said in coaching: told to the two, whole, and to nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/audit/v1/audit.pb.h"

#include "services/cpd/app/test_cpd.h"

namespace fivestrand::cpd {
namespace {

using audit::v1::ListRecordReadsRequest;
using audit::v1::ListRecordReadsResponse;
using audit::v1::RecordRead;
using ::testing::ElementsAre;
using testing::EngineKind;
using ::testing::HasSubstr;
using ::testing::Not;

class ReadsTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  template <typename Response>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const char* method, const google::protobuf::Message& request) {
    return cpd_.Call<Response>(caller, absl::StrCat(kCoaching, method), request);
  }
  absl::StatusOr<ListRecordReadsResponse> List(const identity::Caller& caller, const std::string& name, int page_size = 0,
                                               const std::string& token = "") {
    ListRecordReadsRequest request;
    request.set_name(name);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return cpd_.Call<ListRecordReadsResponse>(caller, "fivestrand.audit.v1.AuditService.ListRecordReads", request);
  }
  // "READ coach" for each, newest first.
  std::vector<std::string> Reads(const identity::Caller& owner, const std::string& name) {
    auto listed = List(owner, name);
    EXPECT_TRUE(listed.ok()) << listed.status();
    std::vector<std::string> told;
    if (!listed.ok()) return told;
    for (const RecordRead& read : listed->record_reads()) {
      told.push_back(absl::StrCat(RecordRead::Kind_Name(read.kind()), " ", read.reader().substr(read.reader().rfind('/') + 1)));
      EXPECT_GT(read.read_time().seconds(), 0);
    }
    return told;
  }
  void ReadRoom(const identity::Caller& caller, const std::string& cycle) {
    v1::ReadCoachingRoomRequest request;
    request.set_name(cycle);
    auto room = Call<v1::CoachingRoom>(caller, "ReadCoachingRoom", request);
    ASSERT_TRUE(room.ok()) << room.status();
  }

  TestCpd cpd_{GetParam()};
  const identity::Caller coach_ = TestCpd::Teacher("coach");
  const identity::Caller coachee_ = TestCpd::Teacher("coachee");
};

TEST_P(ReadsTest, TheRoomIsReadWithWhatIsInIt) {
  const v1::CoachingCycle cycle = cpd_.MakeCycle();
  ReadRoom(coach_, cycle.name());
  const v1::ActionStep step = cpd_.MakeStep(cycle.name(), "Wait three seconds");
  v1::CreateCoachingSessionRequest plan;
  plan.set_parent("trusts/acorn");
  plan.mutable_coaching_session()->set_cycle(cycle.name());
  plan.mutable_coaching_session()->set_note("Cold calling");
  cpd_.SetTime(24, plan.mutable_coaching_session()->mutable_planned_time());
  auto session = Call<v1::CoachingSession>(coachee_, "CreateCoachingSession", plan);
  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_THAT(Reads(coachee_, session->name()), ElementsAre()) << "the room was read before there was this session";
  ReadRoom(coach_, cycle.name());
  ReadRoom(coachee_, cycle.name());
  EXPECT_THAT(Reads(coachee_, cycle.name()), ElementsAre("READ coach", "READ coach", "CHANGE coach"));
  EXPECT_THAT(Reads(coach_, cycle.name()), ElementsAre("READ coachee"));
  EXPECT_THAT(Reads(coachee_, session->name()), ElementsAre("READ coach"));
  EXPECT_THAT(Reads(coach_, session->name()), ElementsAre("READ coachee", "CHANGE coachee"));
  // The session by itself, too; but that is not the cycle.
  v1::GetCoachingSessionRequest get;
  get.set_name(session->name());
  ASSERT_TRUE(Call<v1::CoachingSession>(coach_, "GetCoachingSession", get).ok());
  EXPECT_THAT(Reads(coachee_, session->name()), ElementsAre("READ coach", "READ coach"));
  EXPECT_THAT(Reads(coachee_, cycle.name()), ElementsAre("READ coach", "READ coach", "CHANGE coach"));
  EXPECT_THAT(Reads(coach_, step.name()).front(), "READ coachee");
  auto told = List(coach_, session->name());
  ASSERT_TRUE(told.ok());
  EXPECT_THAT(told->DebugString(), Not(HasSubstr("Cold")));

  // Both halves make one list, each row once.
  std::vector<std::int64_t> times;
  std::string token;
  do {
    auto page = List(coachee_, session->name(), 1, token);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->record_reads_size(), 1);
    for (const RecordRead& read : page->record_reads())
      times.push_back(read.read_time().seconds() * 1'000'000 + read.read_time().nanos() / 1000);
    token = page->next_page_token();
  } while (!token.empty());
  ASSERT_EQ(times.size(), 2U);
  EXPECT_LT(times[1], times[0]);
  token = List(coachee_, session->name(), 1)->next_page_token();
  EXPECT_TRUE(absl::IsInvalidArgument(List(coachee_, cycle.name(), 1, token).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(List(coach_, session->name(), 1, token).status())) << "somebody else's page";

  // What is removed is still about the two.
  v1::DeleteCoachingSessionRequest remove;
  remove.set_name(session->name());
  ASSERT_TRUE(Call<v1::CoachingSession>(coachee_, "DeleteCoachingSession", remove).ok());
  EXPECT_THAT(Reads(coachee_, session->name()), ElementsAre("READ coach", "READ coach"));
}

TEST_P(ReadsTest, WhoReadASharedStepIsNamed) {
  const v1::CoachingCycle cycle = cpd_.MakeCycle();
  const v1::ActionStep step = cpd_.MakeStep(cycle.name(), "Wait three seconds");
  const identity::Caller colleague = TestCpd::Teacher("colleague", "elmwood");
  v1::ShareStepRequest share;
  share.set_name(step.name());
  share.add_people(colleague.subject);
  ASSERT_TRUE(Call<v1::ActionStep>(coachee_, "ShareStep", share).ok());
  const std::vector<std::string> before = Reads(coachee_, step.name());
  v1::ListSharedStepsRequest list;
  list.set_parent("trusts/acorn");
  ASSERT_EQ(Call<v1::ListSharedStepsResponse>(colleague, "ListSharedSteps", list)->shared_steps_size(), 1);
  std::vector<std::string> after = Reads(coachee_, step.name());
  ASSERT_EQ(after.size(), before.size() + 1);
  EXPECT_EQ(after.front(), "READ colleague");
  EXPECT_EQ(Reads(coach_, step.name()).front(), "READ colleague");
  // A reader is nobody whom the step is about.
  EXPECT_TRUE(absl::IsNotFound(List(colleague, step.name()).status()));
  // A change that changes nothing answers with the step all the same.
  v1::UpdateActionStepRequest update;
  update.mutable_action_step()->set_name(step.name());
  update.mutable_action_step()->set_text("Wait three seconds");
  ASSERT_TRUE(Call<v1::ActionStep>(coach_, "UpdateActionStep", update).ok());
  EXPECT_EQ(Reads(coachee_, step.name()).front(), "READ coach");
}

TEST_P(ReadsTest, NobodyElseIsToldAnything) {
  const v1::CoachingCycle cycle = cpd_.MakeCycle();
  const std::string none = "trusts/acorn/coachingCycles/there-is-none";
  for (int number = type::v1::Role_MIN; number <= type::v1::Role_MAX; ++number) {
    if (!type::v1::Role_IsValid(number) || number == type::v1::ROLE_UNSPECIFIED || number == type::v1::ROLE_SERVICE ||
        number == type::v1::ROLE_OPERATOR) {
      continue;
    }
    const auto role = static_cast<type::v1::Role>(number);
    const identity::Caller other = TestCpd::As("manager", role);
    const absl::Status refused = List(other, cycle.name()).status(), missing = List(other, none).status();
    const bool of_trust = role != type::v1::ROLE_EXTERNAL_CONSULTANT && role != type::v1::ROLE_APPLICATION;
    EXPECT_EQ(refused.code(), of_trust ? absl::StatusCode::kNotFound : absl::StatusCode::kPermissionDenied)
        << type::v1::Role_Name(role) << refused;
    EXPECT_EQ(refused.code(), missing.code()) << type::v1::Role_Name(role);
    // Whoever is one of the two is told, whatever their role.
    EXPECT_EQ(List(TestCpd::As("coachee", role), cycle.name()).ok(), of_trust) << type::v1::Role_Name(role);
  }
  // A kind whose readings are not written down, also about oneself.
  const v1::CpdEvent event = cpd_.MakeEvent(3);
  auto booking = cpd_.Book(event.name(), coachee_);
  ASSERT_TRUE(booking.ok()) << booking.status();
  EXPECT_TRUE(absl::IsNotFound(List(coachee_, booking->name()).status()));
}

INSTANTIATE_TEST_SUITE_P(Engines, ReadsTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::cpd
