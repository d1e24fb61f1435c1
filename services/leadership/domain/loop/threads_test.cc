#include "services/leadership/domain/loop/threads.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;
using v1::ImprovementThread;
using v1::ThreadResponse;

ThreadResponse Response(std::string_view planned, std::string_view start, std::string_view done, bool withdrawn = false) {
  ThreadResponse response;
  if (!planned.empty()) *response.mutable_planned_date() = calendar::ToProto(D(planned));
  if (!start.empty()) *response.mutable_start_date() = calendar::ToProto(D(start));
  if (!done.empty()) *response.mutable_done_date() = calendar::ToProto(D(done));
  response.set_withdrawn(withdrawn);
  return response;
}

const absl::CivilDay kToday = D("2026-11-24");

ImprovementThread After(std::vector<ThreadResponse> responses, std::vector<Effect> effects = {}) {
  ImprovementThread thread;
  thread.set_name("trusts/acorn/improvementThreads/t");
  thread.set_state(ImprovementThread::OPEN);
  Progress(responses, effects, kToday, &thread);
  // A function of what there is, whatever came first.
  ImprovementThread reversed = thread;
  std::reverse(responses.begin(), responses.end());
  Progress(responses, effects, kToday, &reversed);
  EXPECT_EQ(reversed.SerializeAsString(), thread.SerializeAsString());
  return thread;
}

Effect Conclusive(v1::Outcome outcome, std::string_view impact) {
  Effect effect;
  effect.after = 1;
  effect.outcome = outcome;
  effect.impact = D(impact);
  return effect;
}

TEST(ThreadsTest, APlannedResponseIsNotAResponseYet) {
  EXPECT_EQ(After({Response("2026-12-01", "", "")}).state(), ImprovementThread::OPEN);
  const ImprovementThread ahead = After({Response("2026-12-01", "2026-12-01", "")});
  EXPECT_EQ(ahead.state(), ImprovementThread::OPEN);
  EXPECT_FALSE(ahead.has_first_response_date());
  EXPECT_EQ(After({Response("", "2026-11-24", "")}).state(), ImprovementThread::RESPONDING) << "what begins today has begun";
}

TEST(ThreadsTest, StatesFollowTheResponses) {
  const ImprovementThread responding = After({Response("", "2026-11-10", "2026-11-12"), Response("", "2026-11-05", "")});
  EXPECT_EQ(responding.state(), ImprovementThread::RESPONDING);
  EXPECT_EQ(calendar::FromProto(responding.first_response_date()), D("2026-11-05"));
  EXPECT_EQ(After({Response("", "2026-11-10", "2026-11-12")}).state(), ImprovementThread::AWAITING_READING);
  EXPECT_EQ(After({Response("", "2026-11-10", "2026-11-12"), Response("2026-12-01", "", "")}).state(),
            ImprovementThread::RESPONDING)
      << "something further is planned";
  EXPECT_EQ(After({Response("", "2026-11-10", "2026-12-12")}).state(), ImprovementThread::RESPONDING) << "done later";
}

TEST(ThreadsTest, AWithdrawnResponseCountsNoMore) {
  EXPECT_EQ(After({Response("", "2026-11-05", "2026-11-05", true)}).state(), ImprovementThread::OPEN);
  const ImprovementThread rest = After({Response("", "2026-11-05", "", true), Response("", "2026-11-10", "2026-11-12")});
  EXPECT_EQ(rest.state(), ImprovementThread::AWAITING_READING);
  EXPECT_EQ(calendar::FromProto(rest.first_response_date()), D("2026-11-10"));
}

TEST(ThreadsTest, TheFirstConclusiveReadingIsTheImpact) {
  const ImprovementThread thread = After({Response("", "2026-10-01", "2026-10-02")},
                                         {Effect(), Conclusive(v1::WORSE, "2026-11-15"), Conclusive(v1::IMPROVED, "2026-11-08")});
  EXPECT_EQ(calendar::FromProto(thread.impact_date()), D("2026-11-08"));
}

TEST(ThreadsTest, ItClosesOnItsEvidenceOrWithAReasonThatStays) {
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  const std::vector<Effect> early = {Effect()};
  const std::vector<Effect> mixed = {Conclusive(v1::WORSE, "2026-11-15"), Conclusive(v1::IMPROVED, "2026-11-08"), Effect()};
  ImprovementThread thread = After({Response("", "2026-10-01", "2026-10-02")}, mixed);
  for (v1::Outcome outcome : {v1::IMPROVED, v1::UNCHANGED, v1::WORSE}) {
    ImprovementThread copy = thread;
    EXPECT_TRUE(absl::IsFailedPrecondition(Close(outcome, "Note", "trusts/acorn/people/p", early, now, &copy)));
  }
  ImprovementThread copy = thread;
  EXPECT_TRUE(absl::IsFailedPrecondition(Close(v1::UNCHANGED, "", "trusts/acorn/people/p", mixed, now, &copy)));
  EXPECT_TRUE(absl::IsInvalidArgument(Close(v1::TOO_EARLY, "Note", "trusts/acorn/people/p", mixed, now, &copy)));
  EXPECT_TRUE(absl::IsInvalidArgument(Close(v1::SUPERSEDED, "", "trusts/acorn/people/p", mixed, now, &copy)));
  EXPECT_TRUE(Close(v1::SUPERSEDED, "Merged with another", "operators/cli", early, now, &copy).ok());
  EXPECT_TRUE(copy.closed_by().empty()) << "no person of the trust";
  EXPECT_EQ(copy.closing_note(), "Merged with another");

  EXPECT_TRUE(Close(v1::IMPROVED, "", "trusts/acorn/people/p", mixed, now, &thread).ok());
  EXPECT_EQ(thread.state(), ImprovementThread::CLOSED);
  EXPECT_TRUE(absl::IsFailedPrecondition(Close(v1::WORSE, "", "trusts/acorn/people/p", mixed, now, &thread)));
  // What comes later does not change what it was closed on.
  const std::string closed = thread.SerializeAsString();
  Progress({Response("", "2026-09-01", "")}, {}, kToday, &thread);
  EXPECT_EQ(thread.SerializeAsString(), closed);

  EXPECT_TRUE(absl::IsInvalidArgument(Reopen("", &thread)));
  EXPECT_TRUE(Reopen("It came back", &thread).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Reopen("Again", &thread)));
  EXPECT_EQ(thread.outcome(), v1::OUTCOME_UNSPECIFIED);
  EXPECT_EQ(thread.reopen_reason(), "It came back");
}

}  // namespace
}  // namespace fivestrand::leadership::domain
