// Who answers for a concern, which schools are in a thread, who waits for whom: as people and schools come and go.
#include <gmock/gmock.h>

#include "absl/time/clock.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/status/status.h"
#include "services/leadership/app/test_loop.h"
#include "services/leadership/store/loop/loop_upkeep.h"

namespace fivestrand::leadership {
namespace {

using calendar::D;
using testing::EngineKind;
using testing::TestService;
using v1::Concern;
using v1::ImprovementThread;

class LoopPeopleTest : public LoopFixture {};

TEST_P(LoopPeopleTest, WhoeverLeavesKeepsTheirHistoryAndLosesTheirAccountability) {
  Define();
  ReadWeek("2026-11-09", 0.4);
  v1::ListPostsRequest list;
  list.set_parent("trusts/acorn");
  list.set_filter("person = \"trusts/acorn/people/head\"");
  v1::UpdatePostRequest update;
  *update.mutable_post() = Must<v1::ListPostsResponse>(TestService::Operator(), "PeopleService.ListPosts", list).posts(0);
  *update.mutable_post()->mutable_end_date() = calendar::ToProto(D("2026-11-24"));
  Must<v1::Post>(TestService::Operator(), "PeopleService.UpdatePost", update);
  KeepUp();
  EXPECT_EQ(OneConcern(Ceo()).accountable(), Head().subject) << "on the last day the post is still held";
  SetDay("2026-11-25", 1);
  KeepUp();
  EXPECT_EQ(OneConcern(Ceo()).accountable(), "trusts/acorn/people/eht") << "nobody has the headship; it goes up, never to nobody";
  EXPECT_EQ(Count("record_revision WHERE path LIKE 'concerns/%'"), 1) << "who answered before is kept";
  v1::CreatePostRequest next;
  next.set_parent("trusts/acorn");
  next.mutable_post()->set_person("trusts/acorn/people/senior");
  next.mutable_post()->set_kind(v1::Post::HEADTEACHER);
  next.mutable_post()->set_title("Headteacher");
  next.mutable_post()->set_school(kNorthgate);
  *next.mutable_post()->mutable_start_date() = calendar::ToProto(D("2026-11-25"));
  Must<v1::Post>(TestService::Operator(), "PeopleService.CreatePost", next);
  KeepUp();
  EXPECT_EQ(OneConcern(Ceo()).accountable(), "trusts/acorn/people/senior");
  const std::string settled = OneConcern(Ceo()).SerializeAsString();
  KeepUp();
  EXPECT_EQ(OneConcern(Ceo()).SerializeAsString(), settled);
}

TEST_P(LoopPeopleTest, HandedOnToSomebodyWhoIsThere) {
  Define();
  ReadWeek("2026-11-09", 0.4);
  v1::HandOnConcernRequest request;
  request.set_name(OneConcern(Head()).name());
  request.set_accountable("trusts/acorn/people/nobody");
  EXPECT_TRUE(absl::IsInvalidArgument(Call<Concern>(Head(), "ImprovementService.HandOnConcern", request).status()));
  request.set_accountable("trusts/acorn/people/senior");
  const Concern handed = Must<Concern>(Head(), "ImprovementService.HandOnConcern", request);
  EXPECT_EQ(handed.accountable(), "trusts/acorn/people/senior");
  KeepUp();
  EXPECT_EQ(OneConcern(Head()).accountable(), "trusts/acorn/people/senior");
  EXPECT_EQ(Concerns(As(type::v1::ROLE_SENIOR_LEADER, "senior")).size(), 1u) << "who answers for it sees it";
}

TEST_P(LoopPeopleTest, ASchoolThatJoinsOrLeavesKeepsItsPart) {
  Define();
  ReadWeek("2026-11-09", 0.4);
  const ImprovementThread thread = OpenThread(Ceo(), {OneConcern(Ceo()).name()});
  ReadWeek("2026-11-09", 0.3, 1, kElmwood);
  v1::JoinImprovementThreadRequest join;
  join.set_name(thread.name());
  join.add_concerns(Concerns(Ceo(), absl::StrCat("school = \"", kElmwood, "\"")).at(0).name());
  EXPECT_EQ(Must<ImprovementThread>(Ceo(), "ImprovementService.JoinImprovementThread", join).school(), kNorthgate);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(Call<ImprovementThread>(Ceo(), "ImprovementService.JoinImprovementThread", join).status()));
  v1::ThreadTimeline before = Timeline(Ceo(), thread.name());
  EXPECT_EQ(before.concerns_size(), 2);
  EXPECT_EQ(before.effects_size(), 2);
  v1::UpdateSchoolRequest close;
  close.mutable_school()->set_name(kElmwood);
  close.mutable_school()->set_status(v1::School::CLOSED);
  Must<v1::School>(TestService::Operator(), "OrganisationService.UpdateSchool", close);
  KeepUp();
  EXPECT_EQ(Timeline(Ceo(), thread.name()).SerializeAsString(), before.SerializeAsString());
}

TEST_P(LoopPeopleTest, PaceAndWhoWaitsForWhom) {
  Define();
  ReadWeek("2026-11-02", 0.4);
  ReadWeek("2026-11-02", 0.4, 1, kElmwood);
  const ImprovementThread thread = OpenThread(Ceo(), {Concerns(Ceo(), absl::StrCat("school = \"", kElmwood, "\"")).at(0).name()});
  SetDay("2026-12-09");
  v1::ReadPaceRequest request;
  request.set_parent("trusts/acorn");
  auto pace = Must<v1::ReadPaceResponse>(Ceo(), "ImprovementService.ReadPace", request);
  ASSERT_GE(pace.rows_size(), 4);
  EXPECT_EQ(pace.rows(0).raised_to_response().open(), 2);
  EXPECT_EQ(pace.rows(0).signal_to_raised().happened(), 2);
  EXPECT_FALSE(pace.rows(0).raised_to_response().has_median());
  ASSERT_EQ(pace.waiting_size(), 2);
  for (const v1::Waiting& waiting : pace.waiting()) {
    EXPECT_EQ(waiting.school_days(), 11);
    if (waiting.subject() == thread.name()) {
      EXPECT_EQ(waiting.next_step(), "Begin a response");
      EXPECT_EQ(waiting.person(), Ceo().subject);
    } else {
      EXPECT_EQ(waiting.next_step(), "Acknowledge");
      EXPECT_EQ(waiting.person(), Head().subject);
      EXPECT_TRUE(waiting.overdue());
      EXPECT_EQ(waiting.line_above(), "trusts/acorn/people/eht");
    }
  }
  request.set_parent(kNorthgate);
  pace = Must<v1::ReadPaceResponse>(Head(), "ImprovementService.ReadPace", request);
  EXPECT_EQ(pace.rows(0).raised_to_response().open(), 1);
  EXPECT_EQ(pace.waiting_size(), 1);
  request.set_parent("trusts/acorn");
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::ReadPaceResponse>(Head(), "ImprovementService.ReadPace", request).status()));
}

TEST_P(LoopPeopleTest, WhatIsOpenIsCountedBySchoolAndStrand) {
  Define();
  ReadWeek("2026-11-02", 0.4);
  ReadWeek("2026-11-02", 0.4, 1, kElmwood);
  const ImprovementThread thread = OpenThread(Ceo(), {Concerns(Ceo(), absl::StrCat("school = \"", kElmwood, "\"")).at(0).name()});
  const auto counted = [&] {
    std::vector<std::string> lines;
    EXPECT_TRUE(trust_.service()
                    .store()
                    .Read(absl::Now() + absl::Seconds(30),
                          [&](fivestrand::store::Session& session) {
                            std::vector<store::LoopCount> counts;
                            const absl::Status status =
                                store::CountLoop(store::LoopReader(trust_.service().registry(), calendars_), session, &counts);
                            for (const store::LoopCount& one : counts) {
                              lines.push_back(
                                  absl::StrCat(one.trust, " ", one.school, " ", one.strand, " ", one.concerns, " ", one.threads));
                            }
                            return status;
                          })
                    .ok());
    return lines;
  };
  EXPECT_THAT(counted(), ::testing::ElementsAre("acorn elmwood visible-leadership 1 1", "acorn northgate visible-leadership 1 0"));
  v1::CloseImprovementThreadRequest close;
  close.set_name(thread.name());
  close.set_outcome(v1::SUPERSEDED);
  close.set_closing_note("Merged");
  Must<ImprovementThread>(Ceo(), "ImprovementService.CloseImprovementThread", close);
  EXPECT_THAT(counted(), ::testing::ElementsAre("acorn northgate visible-leadership 1 0"));
}

INSTANTIATE_TEST_SUITE_P(Engines, LoopPeopleTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
