// Who sees and does what with concerns and threads, role by role.
#include <gmock/gmock.h>
#include <map>

#include "absl/time/clock.h"

#include "platform/status/status.h"
#include "services/leadership/app/test_loop.h"
#include "services/leadership/store/loop/concern_counts.h"

namespace fivestrand::leadership {
namespace {

using status::Reason;
using status::ReasonOf;
using testing::EngineKind;
using ::testing::IsEmpty;
using v1::Concern;
using v1::ImprovementThread;

class LoopAccessTest : public LoopFixture {
 protected:
  LoopAccessTest() {
    Define();
    ReadWeek("2026-11-02", 0.4);
    concern_ = OneConcern(Ceo());
  }

  absl::StatusOr<Concern> Get(const identity::Caller& caller, const std::string& name) {
    v1::GetConcernRequest request;
    request.set_name(name);
    return Call<Concern>(caller, "ImprovementService.GetConcern", request);
  }
  absl::StatusOr<Concern> Raise(const identity::Caller& caller, const std::string& school, const std::string& element = "culture") {
    v1::CreateConcernRequest request;
    request.set_parent("trusts/acorn");
    request.mutable_concern()->set_element(element);
    request.mutable_concern()->set_seen("A corridor nobody walks");
    request.mutable_concern()->set_school(school);
    return Call<Concern>(caller, "ImprovementService.CreateConcern", request);
  }
  absl::Status Dismiss(const identity::Caller& caller, const std::string& name) {
    v1::DismissConcernRequest request;
    request.set_name(name);
    request.set_reason("Known to us all");
    return Call<Concern>(caller, "ImprovementService.DismissConcern", request).status();
  }

  Concern concern_;
};

TEST_P(LoopAccessTest, ConcernsAreReadByTheLineAndByDirectors) {
  const std::map<type::v1::Role, bool> may = {{type::v1::ROLE_CEO, true},
                                              {type::v1::ROLE_EXECUTIVE_HEADTEACHER, true},
                                              {type::v1::ROLE_DIRECTOR, true},
                                              {type::v1::ROLE_HEADTEACHER, true},
                                              {type::v1::ROLE_SENIOR_LEADER, false},
                                              {type::v1::ROLE_MIDDLE_LEADER, false},
                                              {type::v1::ROLE_TEACHER, false},
                                              {type::v1::ROLE_SENDCO, false},
                                              {type::v1::ROLE_ADMINISTRATOR, false},
                                              {type::v1::ROLE_HR_DIRECTOR, false},
                                              {type::v1::ROLE_DATA_LEAD, false}};
  for (const auto& [role, expected] : may) {
    EXPECT_EQ(Get(As(role, "somebody"), concern_.name()).ok(), expected) << type::v1::Role_Name(role);
    EXPECT_EQ(Concerns(As(role, "somebody")).size(), expected ? 1u : 0u) << type::v1::Role_Name(role);
    // One of another school is not there.
    const absl::Status other = Get(As(role, "somebody", {"elmwood"}), concern_.name()).status();
    EXPECT_EQ(ReasonOf(other), Reason::kPermissionDenied) << type::v1::Role_Name(role);
    EXPECT_EQ(other.message(), Get(As(role, "somebody", {"elmwood"}), "trusts/acorn/concerns/none").status().message());
    EXPECT_THAT(Concerns(As(role, "somebody", {"elmwood"})), IsEmpty());
  }
  EXPECT_EQ(ReasonOf(Get(As(type::v1::ROLE_EXTERNAL_CONSULTANT, "c"), concern_.name()).status()), Reason::kPermissionDenied);
}

TEST_P(LoopAccessTest, DirectorsSeeFiguresAndNoWords) {
  const Concern raised = *Raise(Head(), kNorthgate);
  ASSERT_TRUE(Dismiss(Head(), concern_.name()).ok());
  const identity::Caller director = As(type::v1::ROLE_DIRECTOR, "director", {});
  EXPECT_EQ(Get(director, concern_.name())->evidence_size(), 1);
  EXPECT_EQ(Get(director, concern_.name())->reason(), "");
  EXPECT_EQ(Get(director, raised.name())->seen(), "");
  EXPECT_NE(Get(Ceo(), raised.name())->seen(), "");
  EXPECT_EQ(Get(Ceo(), concern_.name())->reason(), "Known to us all");
  for (const Concern& one : Concerns(director)) EXPECT_EQ(one.seen() + one.reason(), "");
}

TEST_P(LoopAccessTest, AnyLeaderRaisesOneByHandInTheirOwnSchool) {
  for (type::v1::Role role : {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_MIDDLE_LEADER,
                              type::v1::ROLE_EXECUTIVE_HEADTEACHER}) {
    EXPECT_EQ(ReasonOf(Raise(As(role, "senior"), kElmwood).status()), Reason::kPermissionDenied) << type::v1::Role_Name(role);
    EXPECT_EQ(ReasonOf(Raise(As(role, "senior"), "").status()), Reason::kPermissionDenied) << type::v1::Role_Name(role);
  }
  for (type::v1::Role role : {type::v1::ROLE_TEACHER, type::v1::ROLE_DIRECTOR, type::v1::ROLE_ADMINISTRATOR})
    EXPECT_EQ(ReasonOf(Raise(As(role, "senior"), kNorthgate).status()), Reason::kPermissionDenied) << type::v1::Role_Name(role);

  const auto raised = Raise(As(type::v1::ROLE_SENIOR_LEADER, "senior"), kNorthgate);
  ASSERT_TRUE(raised.ok()) << raised.status();
  EXPECT_EQ(raised->rule(), v1::PERSON);
  EXPECT_EQ(raised->raised_by(), "trusts/acorn/people/senior");
  EXPECT_EQ(raised->accountable(), Head().subject);
  EXPECT_EQ(raised->seen(), "A corridor nobody walks") << "one's own words";
  // The same once more, and what somebody else saw: whether the CEO has said it is not the senior leader's to learn.
  EXPECT_EQ(ReasonOf(Raise(As(type::v1::ROLE_SENIOR_LEADER, "senior"), kNorthgate).status()), Reason::kResourceExists);
  EXPECT_TRUE(Raise(Ceo(), kNorthgate).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(Raise(Head(), kNorthgate, "no-such-element").status()));
  // Who raised it sees it, and does not answer it.
  const identity::Caller senior = As(type::v1::ROLE_SENIOR_LEADER, "senior");
  EXPECT_TRUE(Get(senior, raised->name()).ok());
  EXPECT_EQ(ReasonOf(Dismiss(senior, raised->name())), Reason::kPermissionDenied);
  EXPECT_TRUE(Dismiss(Head(), raised->name()).ok());
}

TEST_P(LoopAccessTest, WhatTheServerSetsCannotBeSent) {
  v1::CreateConcernRequest request;
  request.set_parent("trusts/acorn");
  request.mutable_concern()->set_element("culture");
  request.mutable_concern()->set_seen("Seen");
  request.mutable_concern()->set_school(kNorthgate);
  request.mutable_concern()->set_rule(v1::OUT_OF_BAND);
  request.mutable_concern()->set_state(Concern::DISMISSED);
  request.mutable_concern()->set_accountable("trusts/acorn/people/teacher");
  request.mutable_concern()->set_raised_by("trusts/acorn/people/teacher");
  request.mutable_concern()->set_open_key("mine");
  const auto made = Must<Concern>(Head(), "ImprovementService.CreateConcern", request);
  EXPECT_EQ(made.rule(), v1::PERSON);
  EXPECT_EQ(made.state(), Concern::RAISED);
  EXPECT_EQ(made.accountable(), Head().subject);
  EXPECT_EQ(made.raised_by(), Head().subject);
  EXPECT_EQ(made.open_key().size(), 64u);
  request.mutable_concern()->mutable_cut()->set_person("trusts/acorn/people/teacher");
  EXPECT_TRUE(absl::IsInvalidArgument(Call<Concern>(Head(), "ImprovementService.CreateConcern", request).status()));
}

TEST_P(LoopAccessTest, AReadingAboutAPersonIsSeenByThoseWhomItsConcernNamesAlone) {
  events::v1::Event event = Week("2026-11-02", 0.1);
  evidence::v1::Reading reading;
  ASSERT_TRUE(reading.ParseFromString(event.record()));
  reading.mutable_cut()->set_person("trusts/acorn/people/teacher");
  event.set_resource(absl::StrCat(event.resource(), "-p"));
  event.set_record(reading.SerializeAsString());
  ASSERT_TRUE(Deliver("leadership", event).ok());

  // The head answers for it, so the head sees it; nobody else learns that there is one.
  const std::vector<Concern> own = Concerns(Head(), "restricted = true");
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0].accountable(), Head().subject);
  for (const identity::Caller& other :
       {Ceo(), As(type::v1::ROLE_EXECUTIVE_HEADTEACHER, "eht"), As(type::v1::ROLE_DIRECTOR, "d", {}),
        As(type::v1::ROLE_HEADTEACHER, "co-head"), trust_.teacher()}) {
    EXPECT_THAT(Concerns(other, "restricted = true"), IsEmpty()) << other.subject;
    const absl::Status hidden = Get(other, own[0].name()).status(), none = Get(other, "trusts/acorn/concerns/none").status();
    EXPECT_EQ(ReasonOf(hidden), ReasonOf(none)) << other.subject;
    EXPECT_FALSE(hidden.ok());
    EXPECT_EQ(ReasonOf(Dismiss(other, own[0].name())), ReasonOf(Dismiss(other, "trusts/acorn/concerns/none"))) << other.subject;
  }
  // Nor from a count, pace or what waits.
  const auto count = [&](const identity::Caller& caller) {
    int sum = 0;
    EXPECT_TRUE(trust_.service()
                    .store()
                    .Read(absl::Now() + absl::Seconds(30),
                          [&](fivestrand::store::Session& session) {
                            const identity::Access access = trust_.service().registry().access().DecideFor(
                                caller, store::kListConcerns, "trusts/acorn", trust_.service().clock().Now());
                            auto counts = store::CountOpenConcerns(session, "trusts/acorn", access, caller.subject);
                            EXPECT_TRUE(counts.ok());
                            for (const auto& [key, n] : *counts) sum += n;
                            return absl::OkStatus();
                          })
                    .ok());
    return sum;
  };
  EXPECT_EQ(count(Ceo()), 1);
  EXPECT_EQ(count(Head()), 2);
  EXPECT_EQ(count(As(type::v1::ROLE_HEADTEACHER, "e", {"elmwood"})), 0);
  EXPECT_EQ(count(trust_.teacher()), 0);
  v1::ReadPaceRequest request;
  request.set_parent(kNorthgate);
  const auto pace = Must<v1::ReadPaceResponse>(Ceo(), "ImprovementService.ReadPace", request);
  EXPECT_EQ(pace.rows(0).raised_to_response().open(), 1);
  EXPECT_EQ(pace.waiting_size(), 1);
  EXPECT_EQ(Must<v1::ReadPaceResponse>(Head(), "ImprovementService.ReadPace", request).waiting_size(), 2);

  // The thread that answers it is its lead's alone.
  const ImprovementThread thread = OpenThread(Head(), {own[0].name()});
  EXPECT_TRUE(thread.restricted());
  v1::GetThreadTimelineRequest timeline;
  timeline.set_name(thread.name());
  EXPECT_TRUE(Call<v1::ThreadTimeline>(Head(), "ImprovementService.GetThreadTimeline", timeline).ok());
  EXPECT_EQ(ReasonOf(Call<v1::ThreadTimeline>(Ceo(), "ImprovementService.GetThreadTimeline", timeline).status()),
            Reason::kResourceNotFound);
}

TEST_P(LoopAccessTest, AThreadOfTwoSchoolsShowsEachHeadTheirOwn) {
  ReadWeek("2026-11-02", 0.3, 1, kElmwood);
  const std::string elmwood = Concerns(Ceo(), absl::StrCat("school = \"", kElmwood, "\"")).at(0).name();
  const ImprovementThread thread = OpenThread(Ceo(), {concern_.name(), elmwood});
  EXPECT_EQ(thread.school(), "");
  const v1::ThreadTimeline whole = Timeline(Ceo(), thread.name());
  EXPECT_EQ(whole.concerns_size(), 2);
  const v1::ThreadTimeline own = Timeline(Head(), thread.name());
  ASSERT_EQ(own.concerns_size(), 1);
  EXPECT_EQ(own.concerns(0).name(), concern_.name());
  ASSERT_EQ(own.effects_size(), 1);
  EXPECT_EQ(own.effects(0).concern(), concern_.name());
  v1::GetThreadTimelineRequest request;
  request.set_name(thread.name());
  EXPECT_EQ(
      ReasonOf(Call<v1::ThreadTimeline>(As(type::v1::ROLE_SENIOR_LEADER, "senior"), "ImprovementService.GetThreadTimeline", request)
                   .status()),
      Reason::kPermissionDenied);
  // A head does not open a thread for another school's concern.
  v1::OpenImprovementThreadRequest open;
  open.set_parent("trusts/acorn");
  open.mutable_improvement_thread()->set_title("Not mine");
  ReadWeek("2026-11-16", 0.3, 1, "trusts/acorn/schools/elmwood");
  open.add_concerns(elmwood);
  EXPECT_EQ(ReasonOf(Call<ImprovementThread>(Head(), "ImprovementService.OpenImprovementThread", open).status()),
            Reason::kPermissionDenied);
  v1::CloseImprovementThreadRequest close;
  close.set_name(thread.name());
  close.set_outcome(v1::SUPERSEDED);
  close.set_closing_note("No");
  EXPECT_EQ(ReasonOf(Call<ImprovementThread>(Head(), "ImprovementService.CloseImprovementThread", close).status()),
            Reason::kPermissionDenied);
}

TEST_P(LoopAccessTest, OnlyTheLineAndTheLeadChangeAThread) {
  const ImprovementThread thread = OpenThread(Head(), {concern_.name()});
  v1::UpdateImprovementThreadRequest update;
  update.mutable_improvement_thread()->set_name(thread.name());
  update.mutable_improvement_thread()->set_lead("trusts/acorn/people/senior");
  EXPECT_EQ(ReasonOf(Call<ImprovementThread>(As(type::v1::ROLE_SENIOR_LEADER, "senior"),
                                             "ImprovementService.UpdateImprovementThread", update)
                         .status()),
            Reason::kPermissionDenied);
  EXPECT_EQ(Must<ImprovementThread>(Head(), "ImprovementService.UpdateImprovementThread", update).lead(),
            "trusts/acorn/people/senior");
  // The lead sees all of it.
  const v1::ThreadTimeline timeline = Timeline(As(type::v1::ROLE_SENIOR_LEADER, "senior"), thread.name());
  EXPECT_EQ(timeline.concerns_size(), 1);
  EXPECT_EQ(timeline.concerns(0).evidence_size(), 1);
  EXPECT_EQ(timeline.effects_size(), 1);
  EXPECT_EQ(timeline.thread().aim(), "Every day again");
  EXPECT_EQ(ReasonOf(Call<v1::EvaluateRulesResponse>(Head(), "ImprovementService.EvaluateRules",
                                                     [] {
                                                       v1::EvaluateRulesRequest request;
                                                       request.set_parent("trusts/acorn");
                                                       return request;
                                                     }())
                         .status()),
            Reason::kPermissionDenied);
}

INSTANTIATE_TEST_SUITE_P(Engines, LoopAccessTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
