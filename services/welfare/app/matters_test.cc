// Check-ins, concerns, support and follow-ups through the service's own server, on both engines: who reads which part.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "services/welfare/app/test_trust.h"

namespace fivestrand::welfare {
namespace {

using testing::EngineKind;
using ::testing::SizeIs;

class MattersTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  MattersTest() : trust_(GetParam()) {}

  template <typename Response, typename Request>
  absl::StatusOr<Response> As(const identity::Caller& caller, const std::string& method, const Request& request) {
    return trust_.Call<Response>(caller, absl::StrCat(kWelfare, method), request);
  }
  absl::StatusOr<v1::CheckIn> GetCheckIn(const identity::Caller& caller, const std::string& name) {
    v1::GetCheckInRequest get;
    get.set_name(name);
    return As<v1::CheckIn>(caller, "GetCheckIn", get);
  }
  absl::StatusOr<v1::WelfareConcern> GetConcern(const identity::Caller& caller, const std::string& name) {
    v1::GetWelfareConcernRequest get;
    get.set_name(name);
    return As<v1::WelfareConcern>(caller, "GetWelfareConcern", get);
  }
  int CountCheckIns(const identity::Caller& caller, const std::string& person = "") {
    v1::ListCheckInsRequest list;
    list.set_parent(kTrust);
    list.set_show_ended(true);
    if (!person.empty()) list.set_person(TestTrust::Name(person));
    auto page = As<v1::ListCheckInsResponse>(caller, "ListCheckIns", list);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->check_ins_size() : -1;
  }
  int CountConcerns(const identity::Caller& caller) {
    v1::ListWelfareConcernsRequest list;
    list.set_parent(kTrust);
    auto page = As<v1::ListWelfareConcernsResponse>(caller, "ListWelfareConcerns", list);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->welfare_concerns_size() : -1;
  }

  TestTrust trust_;
  const identity::Caller head_ = TestTrust::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"});
};

TEST_P(MattersTest, ACheckInIsForItsHolderAndItsPerson) {
  const v1::CheckIn held = trust_.HoldCheckIn("n1", 1, "what was said", "less marking");
  EXPECT_EQ(held.state(), v1::CheckIn::HELD);
  EXPECT_EQ(held.school(), "trusts/acorn/schools/northgate");
  auto holder = GetCheckIn(TestTrust::Hr(), held.name());
  ASSERT_TRUE(holder.ok()) << holder.status();
  EXPECT_EQ(holder->note(), "what was said");
  EXPECT_EQ(holder->person(), TestTrust::Name("n1"));
  auto person = GetCheckIn(TestTrust::Staff("n1"), held.name());
  ASSERT_TRUE(person.ok()) << person.status();
  EXPECT_EQ(person->note(), "") << "the holder's own words";
  EXPECT_EQ(person->agreed(), "less marking");
  // No role reads more, and what is not there looks the same.
  const absl::Status missing = GetCheckIn(TestTrust::Staff("n2"), "trusts/acorn/checkIns/none").status();
  for (const identity::Caller& other :
       {TestTrust::Hr("hr2"), TestTrust::Dpo(), head_, TestTrust::Staff("n2"), TestTrust::As("ceo", type::v1::ROLE_CEO),
        TestTrust::As("admin", type::v1::ROLE_ADMINISTRATOR)}) {
    const absl::Status refused = GetCheckIn(other, held.name()).status();
    EXPECT_TRUE(absl::IsPermissionDenied(refused)) << other.subject << " " << refused;
    EXPECT_EQ(refused.message(), missing.message()) << other.subject;
    EXPECT_EQ(CountCheckIns(other), 0) << other.subject;
  }
  EXPECT_TRUE(absl::IsPermissionDenied(GetCheckIn(testing::TestService::Operator(), held.name()).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(GetCheckIn(testing::TestService::Process(), held.name()).status()));
  EXPECT_EQ(CountCheckIns(TestTrust::Staff("n1")), 1);
  EXPECT_EQ(CountCheckIns(TestTrust::Hr()), 1);
  EXPECT_EQ(CountCheckIns(TestTrust::Hr(), "n1"), 1);
  EXPECT_EQ(CountCheckIns(TestTrust::Hr(), "n2"), 0);
}

TEST_P(MattersTest, ListsHoldNoTextsAndGoOnWhereThePageEnded) {
  for (int i = 0; i < 5; ++i) trust_.HoldCheckIn(absl::StrCat("n", i + 1), 1, "a note", "a promise");
  v1::ListCheckInsRequest list;
  list.set_parent(kTrust);
  list.set_show_ended(true);
  list.set_page_size(2);
  std::set<std::string> names;
  int pages = 0;
  while (true) {
    auto page = As<v1::ListCheckInsResponse>(TestTrust::Hr(), "ListCheckIns", list);
    ASSERT_TRUE(page.ok()) << page.status();
    ++pages;
    for (const v1::CheckIn& check_in : page->check_ins()) {
      EXPECT_EQ(check_in.note() + check_in.agreed(), "");
      EXPECT_NE(check_in.person(), "");
      names.insert(check_in.name());
    }
    if (page->next_page_token().empty()) break;
    list.set_page_token(page->next_page_token());
  }
  EXPECT_THAT(names, SizeIs(5));
  EXPECT_EQ(pages, 3);
  // Another caller's token is of no use.
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::ListCheckInsResponse>(TestTrust::Hr("hr2"), "ListCheckIns", list).status()));
  list.clear_page_token();
  list.set_show_ended(false);
  auto open = As<v1::ListCheckInsResponse>(TestTrust::Hr(), "ListCheckIns", list);
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(open->check_ins_size(), 0);
}

TEST_P(MattersTest, AnybodyMayAskForACheckInForThemselves) {
  v1::RequestCheckInRequest request;
  request.set_parent(kTrust);
  request.set_request("I do not sleep");
  auto asked = As<v1::CheckIn>(TestTrust::Staff("n4"), "RequestCheckIn", request);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->state(), v1::CheckIn::REQUESTED);
  EXPECT_EQ(asked->holder(), TestTrust::Name("hr"));
  EXPECT_EQ(asked->request(), "I do not sleep");
  auto hr = GetCheckIn(TestTrust::Hr(), asked->name());
  ASSERT_TRUE(hr.ok()) << hr.status();
  EXPECT_EQ(hr->request(), "I do not sleep");
  v1::UpdateCheckInRequest plan;
  plan.mutable_check_in()->set_name(asked->name());
  trust_.SetTime(30, plan.mutable_check_in()->mutable_planned_time());
  auto planned = As<v1::CheckIn>(TestTrust::Hr(), "UpdateCheckIn", plan);
  ASSERT_TRUE(planned.ok()) << planned.status();
  EXPECT_EQ(planned->state(), v1::CheckIn::PLANNED);
  // The person may call it off, a stranger may not, and only once.
  v1::CancelCheckInRequest cancel;
  cancel.set_name(asked->name());
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::CheckIn>(TestTrust::Staff("n5"), "CancelCheckIn", cancel).status()));
  auto cancelled = As<v1::CheckIn>(TestTrust::Staff("n4"), "CancelCheckIn", cancel);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->request(), "I do not sleep");
  EXPECT_TRUE(absl::IsFailedPrecondition(As<v1::CheckIn>(TestTrust::Staff("n4"), "CancelCheckIn", cancel).status()));
  // The HR director's own goes to another one.
  auto own = As<v1::CheckIn>(TestTrust::Hr(), "RequestCheckIn", request);
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->holder(), TestTrust::Name("hr2"));
}

TEST_P(MattersTest, OnlyTheHolderWrites) {
  const v1::CheckIn check_in = trust_.PlanCheckIn("n1");
  v1::UpdateCheckInRequest update;
  update.mutable_check_in()->set_name(check_in.name());
  update.mutable_check_in()->set_note("mine");
  for (const identity::Caller& other : {TestTrust::Staff("n1"), TestTrust::Hr("hr2"), head_})
    EXPECT_TRUE(absl::IsPermissionDenied(As<v1::CheckIn>(other, "UpdateCheckIn", update).status())) << other.subject;
  // A stranger's stale etag says nothing of the record either.
  update.mutable_check_in()->set_etag("\"9-9\"");
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::CheckIn>(TestTrust::Hr("hr2"), "UpdateCheckIn", update).status()));
  EXPECT_TRUE(absl::IsAborted(As<v1::CheckIn>(TestTrust::Hr(), "UpdateCheckIn", update).status()));
  update.mutable_check_in()->set_etag(check_in.etag());
  update.mutable_update_mask()->add_paths("state");
  EXPECT_EQ(status::ReasonOf(As<v1::CheckIn>(TestTrust::Hr(), "UpdateCheckIn", update).status()), status::Reason::kInvalidMask);
  update.clear_update_mask();
  auto updated = As<v1::CheckIn>(TestTrust::Hr(), "UpdateCheckIn", update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->note(), "mine");
  EXPECT_EQ(updated->person(), TestTrust::Name("n1"));
  // Only an HR director plans one.
  v1::CreateCheckInRequest create;
  create.set_parent(kTrust);
  create.mutable_check_in()->set_person(TestTrust::Name("n2"));
  trust_.SetTime(5, create.mutable_check_in()->mutable_planned_time());
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::CheckIn>(head_, "CreateCheckIn", create).status()));
  create.mutable_check_in()->set_person(TestTrust::Name("nobody"));
  const absl::Status unknown = As<v1::CheckIn>(TestTrust::Hr(), "CreateCheckIn", create).status();
  EXPECT_EQ(status::ReasonOf(unknown), status::Reason::kReferenceNotFound) << unknown;
  EXPECT_EQ(std::string(unknown.message()).find("nobody"), std::string::npos);
}

TEST_P(MattersTest, AConcernExistsForWhoRaisedItAndItsHolderOnly) {
  const v1::WelfareConcern raised = trust_.RaiseConcern("She cries in the car park");
  EXPECT_EQ(raised.holder(), TestTrust::Name("hr"));
  EXPECT_EQ(raised.raised_by(), TestTrust::Name("head"));
  EXPECT_EQ(raised.text(), "She cries in the car park");
  const identity::Caller person = TestTrust::Staff("n1");
  EXPECT_TRUE(absl::IsPermissionDenied(GetConcern(person, raised.name()).status()));
  EXPECT_EQ(CountConcerns(person), 0);
  EXPECT_EQ(CountConcerns(head_), 1);
  EXPECT_EQ(CountConcerns(TestTrust::Hr()), 1);
  for (const identity::Caller& other : {TestTrust::Hr("hr2"), TestTrust::Dpo(), TestTrust::Staff("n2")}) {
    EXPECT_TRUE(absl::IsPermissionDenied(GetConcern(other, raised.name()).status())) << other.subject;
    EXPECT_EQ(CountConcerns(other), 0) << other.subject;
  }
  // What the holder writes is not for whoever raised it; what is shared makes it known to the person, without third persons' words.
  v1::UpdateWelfareConcernRequest update;
  update.mutable_welfare_concern()->set_name(raised.name());
  update.mutable_welfare_concern()->set_note("burnt out");
  auto in_hand = As<v1::WelfareConcern>(TestTrust::Hr(), "UpdateWelfareConcern", update);
  ASSERT_TRUE(in_hand.ok()) << in_hand.status();
  EXPECT_EQ(in_hand->state(), v1::WelfareConcern::IN_HAND);
  EXPECT_EQ(GetConcern(head_, raised.name())->note(), "");
  EXPECT_TRUE(absl::IsPermissionDenied(GetConcern(person, raised.name()).status()));
  v1::AgreeReaderRequest agree;
  agree.set_name(raised.name());
  agree.set_reader(TestTrust::Name("n2"));
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::AgreeReaderResponse>(person, "AgreeReader", agree).status()))
      << "she does not know of it";
  update.mutable_welfare_concern()->clear_note();
  update.mutable_welfare_concern()->set_agreed("We would like to help with your marking");
  ASSERT_TRUE(As<v1::WelfareConcern>(TestTrust::Hr(), "UpdateWelfareConcern", update).ok());
  auto shared = GetConcern(person, raised.name());
  ASSERT_TRUE(shared.ok()) << shared.status();
  EXPECT_EQ(shared->agreed(), "We would like to help with your marking");
  EXPECT_EQ(shared->text() + shared->raised_by() + shared->note(), "");
  EXPECT_EQ(CountConcerns(person), 1);
  // Whom she lets in reads no third person's words either.
  auto agreed = As<v1::AgreeReaderResponse>(person, "AgreeReader", agree);
  ASSERT_TRUE(agreed.ok()) << agreed.status();
  auto reader = GetConcern(TestTrust::Staff("n2"), raised.name());
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(reader->note(), "burnt out");
  EXPECT_EQ(reader->text() + reader->raised_by(), "");
}

TEST_P(MattersTest, AConcernIsRaisedByHrTheManagerOrThePerson) {
  v1::CreateWelfareConcernRequest create;
  create.set_parent(kTrust);
  create.mutable_welfare_concern()->set_person(TestTrust::Name("n2"));
  create.mutable_welfare_concern()->set_text("worried");
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::WelfareConcern>(head_, "CreateWelfareConcern", create).status()))
      << "not their manager";
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::WelfareConcern>(TestTrust::Staff("n3"), "CreateWelfareConcern", create).status()));
  auto own = As<v1::WelfareConcern>(TestTrust::Staff("n2"), "CreateWelfareConcern", create);
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_TRUE(GetConcern(TestTrust::Staff("n2"), own->name()).ok()) << "one's own is known to oneself";
  auto hr = As<v1::WelfareConcern>(TestTrust::Hr("hr2"), "CreateWelfareConcern", create);
  ASSERT_TRUE(hr.ok()) << hr.status();
  EXPECT_EQ(hr->holder(), TestTrust::Name("hr2"));
  // The person about whom it is never holds it.
  create.mutable_welfare_concern()->set_person(TestTrust::Name("hr"));
  auto about_hr = As<v1::WelfareConcern>(TestTrust::Hr(), "CreateWelfareConcern", create);
  ASSERT_TRUE(about_hr.ok()) << about_hr.status();
  EXPECT_EQ(about_hr->holder(), TestTrust::Name("hr2"));
  create.mutable_welfare_concern()->set_holder(TestTrust::Name("hr"));
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::WelfareConcern>(TestTrust::Hr("hr2"), "CreateWelfareConcern", create).status()));
}

TEST_P(MattersTest, SupportAndFollowUps) {
  const v1::WelfareConcern concern = trust_.RaiseConcern("tired");
  v1::CreateSupportRequest create;
  create.set_parent(kTrust);
  create.mutable_support()->set_person(TestTrust::Name("n1"));
  create.mutable_support()->set_kind(v1::Support::OCCUPATIONAL_HEALTH);
  create.mutable_support()->set_note("referral sent");
  create.mutable_support()->set_agreed("a talk with occupational health");
  create.mutable_support()->set_improvement_thread(trust_.organisation().AddThread("t1", "northgate"));
  *create.mutable_support()->mutable_start_date() = trust_.Day(0);
  *create.mutable_support()->add_review_dates() = trust_.Day(14);
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::Support>(head_, "CreateSupport", create).status()));
  auto support = As<v1::Support>(TestTrust::Hr(), "CreateSupport", create);
  ASSERT_TRUE(support.ok()) << support.status();
  EXPECT_EQ(support->state(), v1::Support::IN_PLACE);
  v1::GetSupportRequest get;
  get.set_name(support->name());
  auto person = As<v1::Support>(TestTrust::Staff("n1"), "GetSupport", get);
  ASSERT_TRUE(person.ok()) << person.status();
  EXPECT_EQ(person->kind(), v1::Support::OCCUPATIONAL_HEALTH);
  EXPECT_EQ(person->agreed(), "a talk with occupational health");
  EXPECT_EQ(person->note(), "");
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::Support>(head_, "GetSupport", get).status()));

  v1::CreateFollowUpRequest follow;
  follow.set_parent(kTrust);
  follow.mutable_follow_up()->set_record(concern.name());
  follow.mutable_follow_up()->set_action("ring her on Friday");
  *follow.mutable_follow_up()->mutable_due_date() = trust_.Day(3);
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::FollowUp>(TestTrust::Hr("hr2"), "CreateFollowUp", follow).status()))
      << "it is not hers to follow up";
  auto made = As<v1::FollowUp>(TestTrust::Hr(), "CreateFollowUp", follow);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->person(), TestTrust::Name("n1"));
  v1::GetFollowUpRequest get_follow;
  get_follow.set_name(made->name());
  auto seen = As<v1::FollowUp>(TestTrust::Staff("n1"), "GetFollowUp", get_follow);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->action(), "ring her on Friday");
  EXPECT_EQ(seen->record(), "") << "that there was a concern is not told so";
  v1::FinishFollowUpRequest finish;
  finish.set_name(made->name());
  *finish.mutable_done_date() = trust_.Day(1);
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::FollowUp>(TestTrust::Hr(), "FinishFollowUp", finish).status()));
  finish.clear_done_date();
  auto done = As<v1::FollowUp>(TestTrust::Hr(), "FinishFollowUp", finish);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->state(), v1::FollowUp::DONE);

  v1::FinishSupportRequest end;
  end.set_name(support->name());
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::Support>(TestTrust::Staff("n1"), "FinishSupport", end).status()));
  auto ended = As<v1::Support>(TestTrust::Hr(), "FinishSupport", end);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->state(), v1::Support::DONE);
  v1::CloseWelfareConcernRequest close;
  close.set_name(concern.name());
  auto closed = As<v1::WelfareConcern>(TestTrust::Hr(), "CloseWelfareConcern", close);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->state(), v1::WelfareConcern::CLOSED);
}

TEST_P(MattersTest, ARepeatedRequestGetsTheFirstAnswer) {
  v1::CreateWelfareConcernRequest create;
  create.set_parent(kTrust);
  create.mutable_welfare_concern()->set_person(TestTrust::Name("n1"));
  create.mutable_welfare_concern()->set_text("worried");
  create.set_request_id("6f1b2f0e-0a3e-4f55-9d3b-0a4f6f1f9c11");
  auto first = As<v1::WelfareConcern>(head_, "CreateWelfareConcern", create);
  auto second = As<v1::WelfareConcern>(head_, "CreateWelfareConcern", create);
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(CountConcerns(head_), 1);
  create.clear_request_id();
  create.set_validate_only(true);
  ASSERT_TRUE(As<v1::WelfareConcern>(head_, "CreateWelfareConcern", create).ok());
  EXPECT_EQ(CountConcerns(head_), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, MattersTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::welfare
