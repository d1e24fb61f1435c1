// What is said in coaching is found nowhere: planted sentences are looked for in everything that the service leaves behind.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <prometheus/text_serializer.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "services/cpd/app/test_cpd.h"

namespace fivestrand::cpd {
namespace {

using testing::EngineKind;
using ::testing::HasSubstr;
using ::testing::Not;

// The bytes of every file beside the store's own, the write-ahead log included.
std::string BytesOfStore(store::Store& store) {
  std::string file;
  const absl::Status status = store.Read(absl::Now() + absl::Seconds(10), [&](store::Session& session) {
    return session.Query("PRAGMA database_list", {}, [&](const store::Row& row) {
      file = std::string(row.Text(2));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  std::string bytes;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(file).parent_path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(in), {});
  }
  return bytes;
}

TEST(SecrecyTest, PlantedSentencesAreFoundNowhere) {
  TestCpd cpd(EngineKind::kSqlite);
  const identity::Caller coach = TestCpd::Teacher("coach"), coachee = TestCpd::Teacher("coachee");
  const std::vector<std::string> secrets = {"quiet zebra focus",   "quiet zebra outcome",   "quiet zebra note",
                                            "quiet zebra held",    "quiet zebra step",      "quiet zebra rehearsed",
                                            "quiet zebra altered", "quiet zebra seen later"};
  const auto call = [&](const identity::Caller& caller, const char* method, const google::protobuf::Message& request,
                        google::protobuf::Message* response) {
    const absl::Status status = cpd.service().Call(caller, absl::StrCat(kCoaching, method), request, response);
    ASSERT_TRUE(status.ok()) << method << " " << status;
  };

  v1::CreateCoachingCycleRequest cycle;
  cycle.set_parent("trusts/acorn");
  cycle.mutable_coaching_cycle()->set_coachee(coachee.subject);
  cycle.mutable_coaching_cycle()->set_focus(secrets[0]);
  *cycle.mutable_coaching_cycle()->mutable_start_date() = cpd.Day(-10);
  cycle.set_request_id("6f0b7a52-44a1-4c55-9f5e-9f4c6cbb9f01");
  v1::CoachingCycle made;
  call(coach, "CreateCoachingCycle", cycle, &made);
  call(coach, "CreateCoachingCycle", cycle, &made);  // a repeated request is answered out of the store
  EXPECT_EQ(made.focus(), secrets[0]);

  v1::CreateCoachingSessionRequest session;
  session.set_parent("trusts/acorn");
  session.mutable_coaching_session()->set_cycle(made.name());
  session.mutable_coaching_session()->set_note(secrets[2]);
  session.mutable_coaching_session()->set_place("plain walrus room");
  cpd.SetTime(1, session.mutable_coaching_session()->mutable_planned_time());
  v1::CoachingSession planned;
  call(coachee, "CreateCoachingSession", session, &planned);
  cpd.service().clock().Advance(absl::Hours(2));
  v1::HoldSessionRequest hold;
  hold.set_name(planned.name());
  hold.set_note(secrets[3]);
  hold.set_request_id("6f0b7a52-44a1-4c55-9f5e-9f4c6cbb9f02");
  call(coach, "HoldSession", hold, &planned);

  v1::CreateActionStepRequest step;
  step.set_parent("trusts/acorn");
  step.mutable_action_step()->set_cycle(made.name());
  step.mutable_action_step()->set_text(secrets[4]);
  step.mutable_action_step()->set_rehearsed(secrets[5]);
  *step.mutable_action_step()->mutable_due_date() = cpd.Day(3);
  v1::ActionStep next;
  call(coachee, "CreateActionStep", step, &next);
  v1::UpdateActionStepRequest update;
  update.mutable_action_step()->set_name(next.name());
  update.mutable_action_step()->set_text(secrets[6]);
  call(coachee, "UpdateActionStep", update, &next);
  v1::ShareStepRequest share;
  share.set_name(next.name());
  share.add_people(TestCpd::PersonName("colleague"));
  call(coachee, "ShareStep", share, &next);
  v1::ListSharedStepsRequest shared;
  shared.set_parent("trusts/acorn");
  v1::ListSharedStepsResponse answer;
  call(TestCpd::Teacher("colleague", "elmwood"), "ListSharedSteps", shared, &answer);
  ASSERT_EQ(answer.shared_steps_size(), 1);
  EXPECT_EQ(answer.shared_steps(0).text(), secrets[6]);
  v1::AchieveStepRequest achieve;
  achieve.set_name(next.name());
  achieve.set_seen(secrets[7]);
  call(coach, "AchieveStep", achieve, &next);
  v1::CompleteCycleRequest complete;
  complete.set_name(made.name());
  complete.set_outcome(secrets[1]);
  call(coach, "CompleteCycle", complete, &made);
  // What is refused must not be repeated in an error, nor in the log.
  step.mutable_action_step()->set_text(absl::StrCat("quiet zebra refused", std::string(2000, 'x')));
  EXPECT_THAT(std::string(cpd.Call<v1::ActionStep>(coach, absl::StrCat(kCoaching, "CreateActionStep"), step).status().message()),
              Not(HasSubstr("quiet zebra")));

  const std::string store = BytesOfStore(cpd.service().store());
  EXPECT_THAT(store, HasSubstr("plain walrus room")) << "what is not sealed is found: the search can fail";
  EXPECT_THAT(store, Not(HasSubstr("quiet zebra"))) << "tables, outbox, audit trail, answers of repeated requests";
  const std::string log = cpd.service().log();
  EXPECT_THAT(log, Not(HasSubstr("quiet zebra")));
  EXPECT_THAT(log, Not(HasSubstr("people/coach"))) << "no person either";
  const std::string metrics = prometheus::TextSerializer().Serialize(cpd.service().metrics().Collect());
  EXPECT_THAT(metrics, HasSubstr("grpc_server_handled_total"));
  EXPECT_THAT(metrics, Not(HasSubstr("quiet zebra")));
  EXPECT_THAT(metrics, Not(HasSubstr("people/")));
}

}  // namespace
}  // namespace fivestrand::cpd
