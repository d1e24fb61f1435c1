// The improvement loop through the service's own server, on both engines: a signal, who answers, what was done, whether it moved.
#include <algorithm>
#include <gmock/gmock.h>
#include <random>

#include "fivestrand/cpd/v1/coaching.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/status/status.h"
#include "services/leadership/app/test_loop.h"

namespace fivestrand::leadership {
namespace {

using calendar::D;
using testing::EngineKind;
using ::testing::IsEmpty;
using testing::TestService;
using v1::Concern;
using v1::ImprovementThread;

class LoopFlowTest : public LoopFixture {
 protected:
  v1::EvaluateRulesResponse Evaluate() {
    v1::EvaluateRulesRequest request;
    request.set_parent("trusts/acorn");
    return Must<v1::EvaluateRulesResponse>(Ceo(), "ImprovementService.EvaluateRules", request);
  }
  absl::Status Close(const identity::Caller& caller, const std::string& thread, v1::Outcome outcome, const std::string& note = "") {
    v1::CloseImprovementThreadRequest request;
    request.set_name(thread);
    request.set_outcome(outcome);
    request.set_closing_note(note);
    return Call<ImprovementThread>(caller, "ImprovementService.CloseImprovementThread", request).status();
  }
  Concern Get(const std::string& name) {
    v1::GetConcernRequest request;
    request.set_name(name);
    return Must<Concern>(Ceo(), "ImprovementService.GetConcern", request);
  }
  events::v1::Event Coaching(const std::string& thread, std::int64_t revision, std::string_view start,
                             cpd::v1::CoachingCycle::State state = cpd::v1::CoachingCycle::ACTIVE) {
    cpd::v1::CoachingCycle cycle;
    cycle.set_name("trusts/acorn/coachingCycles/cyc1");
    cycle.set_coach("trusts/acorn/people/eht");
    cycle.set_coachee("trusts/acorn/people/head");
    cycle.set_school(kNorthgate);
    cycle.set_improvement_thread(thread);
    cycle.set_state(state);
    *cycle.mutable_start_date() = calendar::ToProto(D(start));
    events::v1::Event event;
    event.set_kind(revision == 1 ? events::v1::CREATED : events::v1::UPDATED);
    event.set_resource_type("fivestrand/CoachingCycle");
    event.set_resource(cycle.name());
    event.set_revision(revision);
    event.set_actor("trusts/acorn/people/eht");
    event.set_record(cycle.SerializeAsString());
    return event;
  }
};

TEST_P(LoopFlowTest, ASignalRaisesOneConcernForWhoeverAnswersForTheSchool) {
  Define();
  ReadWeek("2026-11-02", 0.9);
  EXPECT_THAT(Concerns(Head()), IsEmpty());
  ReadWeek("2026-11-09", 0.4);
  const Concern concern = OneConcern(Head());
  EXPECT_EQ(concern.state(), Concern::RAISED);
  EXPECT_EQ(concern.rule(), v1::OUT_OF_BAND);
  EXPECT_EQ(concern.school(), kNorthgate);
  EXPECT_EQ(concern.accountable(), Head().subject);
  EXPECT_EQ(concern.headline(), "Days with a drop-in: out of band, now 40 %");
  ASSERT_EQ(concern.evidence_size(), 1);
  EXPECT_EQ(concern.evidence(0).value(), 0.4);
  // What follows joins it.
  ReadWeek("2026-11-16", 0.3);
  EXPECT_EQ(OneConcern(Head()).evidence_size(), 2);
  // Elmwood's is another key.
  ReadWeek("2026-11-16", 0.1, 1, kElmwood);
  EXPECT_EQ(Concerns(Ceo()).size(), 2u);
  EXPECT_EQ(Concerns(Ceo(), absl::StrCat("school = \"", kElmwood, "\"")).at(0).accountable(), "trusts/acorn/people/elm-head");
  EXPECT_EQ(Count("concern WHERE open_key <> ''"), Count("(SELECT DISTINCT key FROM concern WHERE open_key <> '') k"));
}

TEST_P(LoopFlowTest, ASchoolIsHeldToWhatItHasAgreedUntilThatEnds) {
  Define();
  v1::GetImprovementModelRequest get;
  get.set_name("trusts/acorn/improvementModels/improvement");
  v1::UpdateImprovementModelRequest update;
  *update.mutable_improvement_model() = Must<v1::ImprovementModel>(Ceo(), "ImprovementService.GetImprovementModel", get);
  v1::AgreedTarget& agreed = *update.mutable_improvement_model()->add_agreed_targets();
  agreed.set_school(kNorthgate);
  agreed.set_measure(kDropInDays);
  agreed.set_target(0.5);
  agreed.set_reason("The head teaches until a teacher is found");
  *agreed.mutable_start_date() = calendar::ToProto(D("2026-11-01"));
  *agreed.mutable_end_date() = calendar::ToProto(D("2026-11-15"));
  Must<v1::ImprovementModel>(Ceo(), "ImprovementService.UpdateImprovementModel", update);
  // Amber and red have moved by as much as the target: from 0.8 and 0.5 to 0.3 and 0.
  ReadWeek("2026-11-09", 0.4);
  EXPECT_THAT(Concerns(Ceo()), IsEmpty());
  ReadWeek("2026-11-09", 0.4, 1, kElmwood);
  EXPECT_EQ(OneConcern(Ceo()).school(), kElmwood) << "which has agreed on nothing";
  // The week that closes on the 22nd is held to the trust's target again.
  ReadWeek("2026-11-16", 0.4);
  const std::vector<Concern> concerns = Concerns(Head());
  ASSERT_EQ(concerns.size(), 1u);
  EXPECT_EQ(concerns[0].school(), kNorthgate);
  EXPECT_EQ(concerns[0].model_revision(), 1);
}

TEST_P(LoopFlowTest, WhatComesTwiceOrLateChangesNothing) {
  Define();
  ReadWeek("2026-11-02", 0.9);
  ReadWeek("2026-11-09", 0.4);
  ReadWeek("2026-11-09", 0.45, 2);
  const std::string before = OneConcern(Head()).SerializeAsString();
  ReadWeek("2026-11-09", 0.45, 2);
  ReadWeek("2026-11-09", 0.4, 1);
  ReadWeek("2026-11-02", 0.9);
  Define();
  EXPECT_EQ(OneConcern(Head()).SerializeAsString(), before);
  for (int i = 0; i < 2; ++i) {
    const v1::EvaluateRulesResponse outcome = Evaluate();
    EXPECT_EQ(outcome.raised() + outcome.joined() + outcome.resolved(), 0) << outcome.DebugString();
  }
  EXPECT_EQ(OneConcern(Head()).SerializeAsString(), before);
}

TEST_P(LoopFlowTest, ReadingsThatCameBeforeTheirMeasureAreJudgedWithIt) {
  ReadWeek("2026-11-09", 0.4);
  EXPECT_THAT(Concerns(Head()), IsEmpty());
  Define();
  EXPECT_EQ(OneConcern(Head()).rule(), v1::OUT_OF_BAND);
}

TEST_P(LoopFlowTest, ASnapshotIsJudgedWhenItIsWhole) {
  Define();
  std::vector<events::v1::Event> snapshot = {Week("2026-10-05", 0.1), Week("2026-10-12", 0.2), Week("2026-11-02", 0.9),
                                             Week("2026-11-09", 0.9), Week("2026-11-16", 0.4)};
  std::shuffle(snapshot.begin(), snapshot.end(), std::mt19937(3));
  for (events::v1::Event event : snapshot) {
    event.set_kind(events::v1::RECORDED);
    ASSERT_TRUE(Deliver("leadership", event).ok());
  }
  EXPECT_THAT(Concerns(Head()), IsEmpty());
  KeepUp();
  EXPECT_THAT(Concerns(Head()), IsEmpty()) << "more may be on its way";
  trust_.service().clock().Advance(absl::Minutes(2));
  KeepUp();
  const Concern concern = OneConcern(Head());
  EXPECT_EQ(concern.evidence(0).value(), 0.4) << "the newest, not the ones of October";
  EXPECT_EQ(Count("loop_reading WHERE pending IS NOT NULL"), 0);
}

TEST_P(LoopFlowTest, FromASignalToItsEffect) {
  Define();
  ReadWeek("2026-10-05", 0.4);
  ReadWeek("2026-10-12", 0.3);
  SetDay("2026-10-19");
  const Concern raised = OneConcern(Head());
  v1::AcknowledgeConcernRequest acknowledge;
  acknowledge.set_name(raised.name());
  EXPECT_EQ(Must<Concern>(Head(), "ImprovementService.AcknowledgeConcern", acknowledge).state(), Concern::ACKNOWLEDGED);
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<Concern>(Head(), "ImprovementService.AcknowledgeConcern", acknowledge).status()));
  const ImprovementThread thread = OpenThread(Head(), {raised.name()});
  EXPECT_EQ(thread.state(), ImprovementThread::OPEN);
  EXPECT_EQ(thread.lead(), Head().subject);
  EXPECT_EQ(thread.school(), kNorthgate);
  EXPECT_EQ(Get(raised.name()).state(), Concern::IN_THREAD);
  EXPECT_EQ(Get(raised.name()).thread(), thread.name());

  // A planned visit is not a response yet; made, it is one.
  const std::string planned = Visit(thread.name(), 24 * 60);
  FollowSelf();
  v1::ThreadTimeline timeline = Timeline(Head(), thread.name());
  EXPECT_EQ(timeline.thread().state(), ImprovementThread::OPEN);
  ASSERT_EQ(timeline.responses_size(), 1);
  EXPECT_EQ(timeline.responses(0).label(), "Visit");
  EXPECT_TRUE(timeline.responses(0).has_planned_date());
  EXPECT_FALSE(timeline.responses(0).has_start_date());
  Visit(thread.name(), -60);
  FollowSelf();
  timeline = Timeline(Head(), thread.name());
  EXPECT_EQ(timeline.thread().state(), ImprovementThread::RESPONDING) << "the other is still planned";
  EXPECT_EQ(calendar::FromProto(timeline.thread().first_response_date()), D("2026-10-19"));
  EXPECT_EQ(timeline.responses(0).record().find("trusts/acorn/schools/northgate/visits/"), 0u) << "planned ones last";
  EXPECT_TRUE(timeline.responses(0).has_done_date());
  EXPECT_EQ(timeline.responses(0).strand(), "visible-leadership");

  // Called off, it leaves its trace and counts no more.
  v1::CancelVisitRequest cancel;
  cancel.set_name(planned);
  Must<v1::Visit>(Ceo(), "VisibilityService.CancelVisit", cancel);
  FollowSelf();
  timeline = Timeline(Head(), thread.name());
  EXPECT_EQ(timeline.thread().state(), ImprovementThread::AWAITING_READING);
  ASSERT_EQ(timeline.responses_size(), 2);
  EXPECT_TRUE(timeline.responses(1).withdrawn());

  ASSERT_EQ(timeline.effects_size(), 1);
  EXPECT_EQ(timeline.effects(0).outcome(), v1::TOO_EARLY);
  EXPECT_NEAR(timeline.effects(0).before(), 0.35, 1e-9);
  EXPECT_TRUE(absl::IsFailedPrecondition(Close(Head(), thread.name(), v1::IMPROVED)));
  // Whole weeks after it are those of 26 October and on; two are the lag.
  SetDay("2026-11-17");
  ReadWeek("2026-10-26", 0.9);
  ReadWeek("2026-11-02", 0.9);
  EXPECT_EQ(Timeline(Head(), thread.name()).effects(0).outcome(), v1::TOO_EARLY);
  ReadWeek("2026-11-09", 0.7);
  timeline = Timeline(Head(), thread.name());
  EXPECT_EQ(timeline.effects(0).outcome(), v1::IMPROVED);
  EXPECT_NEAR(timeline.effects(0).after(), 0.7, 1e-9);
  EXPECT_EQ(calendar::FromProto(timeline.thread().impact_date()), D("2026-11-15"));
  EXPECT_EQ(timeline.effects(0).readings_size(), 5);

  EXPECT_TRUE(absl::IsFailedPrecondition(Close(Head(), thread.name(), v1::WORSE))) << "not what was read";
  EXPECT_TRUE(Close(Head(), thread.name(), v1::IMPROVED, "It moved while we visited").ok());
  EXPECT_EQ(Timeline(Head(), thread.name()).thread().state(), ImprovementThread::CLOSED);
  EXPECT_EQ(Get(raised.name()).open_key(), "");
  EXPECT_TRUE(Get(raised.name()).has_end_time());

  v1::ReopenImprovementThreadRequest reopen;
  reopen.set_name(thread.name());
  reopen.set_reason("It fell again");
  const auto reopened = Must<ImprovementThread>(Head(), "ImprovementService.ReopenImprovementThread", reopen);
  EXPECT_EQ(reopened.state(), ImprovementThread::AWAITING_READING);
  EXPECT_EQ(reopened.outcome(), v1::OUTCOME_UNSPECIFIED);
  EXPECT_NE(Get(raised.name()).open_key(), "");
}

TEST_P(LoopFlowTest, AWideningGapBringsSupportOfWhichNothingIsKnownButItsDates) {
  Define();
  for (const auto& [start, gap] : {std::pair("2026-09-14", -8.0), std::pair("2026-10-12", -11.0), std::pair("2026-11-09", -14.0)})
    ASSERT_TRUE(Deliver("assessment", Window(start, gap)).ok());
  const Concern concern = OneConcern(Head());
  EXPECT_EQ(concern.rule(), v1::WIDENING_GAP);
  EXPECT_EQ(concern.headline(), "Gap, disadvantaged pupils, English, Year 5: widened twice, now -14 points");
  const ImprovementThread thread = OpenThread(Head(), {concern.name()});
  ASSERT_TRUE(Deliver("cpd", Coaching(thread.name(), 1, "2026-11-23")).ok());
  ASSERT_TRUE(Deliver("cpd", Coaching(thread.name(), 1, "2026-11-23")).ok());
  v1::ThreadTimeline timeline = Timeline(Head(), thread.name());
  ASSERT_EQ(timeline.responses_size(), 1);
  v1::ThreadResponse expected;
  expected.set_label("Support in place");
  *expected.mutable_planned_date() = *expected.mutable_start_date() = calendar::ToProto(D("2026-11-23"));
  EXPECT_EQ(timeline.responses(0).SerializeAsString(), expected.SerializeAsString()) << timeline.responses(0).DebugString();
  EXPECT_EQ(timeline.thread().state(), ImprovementThread::RESPONDING);
  // Nothing more is kept of it either.
  EXPECT_EQ(
      Count("thread_response WHERE name <> '' OR strand <> '' OR giver <> '' OR receiver <> '' OR source <> '' OR contributor <> "
            "'' OR label <> 'Support in place'"),
      0);

  ASSERT_TRUE(Deliver("cpd", Coaching(thread.name(), 2, "2026-11-23", cpd::v1::CoachingCycle::CANCELLED)).ok());
  timeline = Timeline(Head(), thread.name());
  EXPECT_TRUE(timeline.responses(0).withdrawn());
  EXPECT_EQ(timeline.thread().state(), ImprovementThread::OPEN);
  // An older event after a newer one.
  ASSERT_TRUE(Deliver("cpd", Coaching(thread.name(), 1, "2026-11-23")).ok());
  EXPECT_TRUE(Timeline(Head(), thread.name()).responses(0).withdrawn());
}

TEST_P(LoopFlowTest, AResponseThatMovesToAnotherThreadLeavesItsTrace) {
  Define();
  ReadWeek("2026-11-09", 0.4);
  ReadWeek("2026-11-09", 0.4, 1, kElmwood);
  const std::vector<Concern> concerns = Concerns(Ceo());
  ASSERT_EQ(concerns.size(), 2u);
  const ImprovementThread one = OpenThread(Ceo(), {concerns[0].name()}), two = OpenThread(Ceo(), {concerns[1].name()});
  const std::string visit = Visit(one.name(), -60);
  FollowSelf();
  v1::UpdateVisitRequest update;
  update.mutable_visit()->set_name(visit);
  update.mutable_visit()->set_improvement_thread(two.name());
  Must<v1::Visit>(Ceo(), "VisibilityService.UpdateVisit", update);
  FollowSelf();
  EXPECT_TRUE(Timeline(Ceo(), one.name()).responses(0).withdrawn());
  EXPECT_EQ(Timeline(Ceo(), one.name()).thread().state(), ImprovementThread::OPEN);
  EXPECT_FALSE(Timeline(Ceo(), two.name()).responses(0).withdrawn());
  v1::DeleteVisitRequest remove;
  remove.set_name(visit);
  Must<v1::Visit>(Ceo(), "VisibilityService.DeleteVisit", remove);
  FollowSelf();
  EXPECT_TRUE(Timeline(Ceo(), two.name()).responses(0).withdrawn());
}

TEST_P(LoopFlowTest, WhatIsPlannedBeginsByTheClock) {
  Define();
  ReadWeek("2026-11-09", 0.4);
  const ImprovementThread thread = OpenThread(Head(), {OneConcern(Head()).name()});
  ASSERT_TRUE(Deliver("cpd", Coaching(thread.name(), 1, "2026-11-26")).ok());
  KeepUp();
  EXPECT_EQ(Timeline(Head(), thread.name()).thread().state(), ImprovementThread::OPEN);
  SetDay("2026-11-26", 6);
  KeepUp();
  EXPECT_EQ(Timeline(Head(), thread.name()).thread().state(), ImprovementThread::RESPONDING);
}

TEST_P(LoopFlowTest, AThreadWhoseMeasureDisappearsClosesWithAReasonOnly) {
  Define();
  ReadWeek("2026-11-02", 0.9);
  ReadWeek("2026-11-09", 0.4);
  const ImprovementThread thread = OpenThread(Head(), {OneConcern(Head()).name()});
  Visit(thread.name(), -60);
  FollowSelf();
  for (const char* monday : {"2026-11-02", "2026-11-09"}) {
    events::v1::Event gone = Week(monday, 0.4, 2);
    gone.set_kind(events::v1::DELETED);
    ASSERT_TRUE(Deliver("leadership", gone).ok());
  }
  const v1::ThreadTimeline timeline = Timeline(Head(), thread.name());
  ASSERT_EQ(timeline.effects_size(), 1);
  EXPECT_EQ(timeline.effects(0).outcome(), v1::TOO_EARLY);
  EXPECT_EQ(timeline.concerns(0).evidence_size(), 1) << "the evidence as it stood";
  EXPECT_TRUE(absl::IsFailedPrecondition(Close(Head(), thread.name(), v1::UNCHANGED, "Nothing to read")));
  EXPECT_TRUE(absl::IsInvalidArgument(Close(Head(), thread.name(), v1::SUPERSEDED)));
  EXPECT_TRUE(Close(Head(), thread.name(), v1::SUPERSEDED, "The measure is not taken any more").ok());
}

INSTANTIATE_TEST_SUITE_P(Engines, LoopFlowTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
