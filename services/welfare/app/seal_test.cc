// Who else reads, who holds, the emergency, and what somebody finds who holds the store, its backups, the feed, the logs or the
// metrics.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <prometheus/text_serializer.h>
#include <string>

#include "absl/strings/str_cat.h"
#include "fivestrand/audit/v1/audit.pb.h"

#include "platform/store/outbox.h"
#include "services/welfare/app/test_trust.h"

namespace fivestrand::welfare {
namespace {

using testing::EngineKind;
using ::testing::SizeIs;

class SealTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  SealTest() : trust_(GetParam()) {}

  template <typename Response, typename Request>
  absl::StatusOr<Response> As(const identity::Caller& caller, const std::string& method, const Request& request) {
    return trust_.Call<Response>(caller, absl::StrCat(kWelfare, method), request);
  }
  absl::StatusOr<v1::CheckIn> Get(const identity::Caller& caller, const std::string& name) {
    v1::GetCheckInRequest get;
    get.set_name(name);
    return As<v1::CheckIn>(caller, "GetCheckIn", get);
  }
  v1::BreakGlassRequest Emergency(const std::string& person = "n1") {
    v1::BreakGlassRequest request;
    request.set_parent(kTrust);
    request.set_person(TestTrust::Name(person));
    request.set_reason("found unconscious, the hospital asks what we know");
    return request;
  }
  v1::ListNoticesResponse Notices(const identity::Caller& caller) {
    v1::ListNoticesRequest list;
    list.set_parent(kTrust);
    auto notices = As<v1::ListNoticesResponse>(caller, "ListNotices", list);
    EXPECT_TRUE(notices.ok()) << notices.status();
    return notices.ok() ? *notices : v1::ListNoticesResponse();
  }

  TestTrust trust_;
};

TEST_P(SealTest, OnlyThePersonLetsOthersIn) {
  const std::string name = trust_.HoldCheckIn("n1", 1, "said", "agreed").name();
  v1::AgreeReaderRequest agree;
  agree.set_name(name);
  agree.set_reader(TestTrust::Name("head"));
  const identity::Caller head = TestTrust::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"});
  for (const identity::Caller& other : {TestTrust::Hr(), head, TestTrust::Dpo(), TestTrust::Staff("n2")})
    EXPECT_TRUE(absl::IsPermissionDenied(As<v1::AgreeReaderResponse>(other, "AgreeReader", agree).status())) << other.subject;
  auto agreed = As<v1::AgreeReaderResponse>(TestTrust::Staff("n1"), "AgreeReader", agree);
  ASSERT_TRUE(agreed.ok()) << agreed.status();
  EXPECT_THAT(agreed->circle().readers(), SizeIs(1));
  auto read = Get(head, name);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->note(), "said");
  EXPECT_EQ(read->agreed(), "agreed");
  EXPECT_EQ(read->circle().readers_size(), 0) << "whom else the person trusts is theirs";
  v1::WithdrawReaderRequest withdraw;
  withdraw.set_name(name);
  withdraw.set_reader(TestTrust::Name("head"));
  ASSERT_TRUE(As<v1::WithdrawReaderResponse>(TestTrust::Staff("n1"), "WithdrawReader", withdraw).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(Get(head, name).status()));
  for (int i = 2; i <= 11; ++i) {
    agree.set_reader(TestTrust::Name(absl::StrCat("n", i)));
    ASSERT_TRUE(As<v1::AgreeReaderResponse>(TestTrust::Staff("n1"), "AgreeReader", agree).ok());
  }
  agree.set_reader(TestTrust::Name("n12"));
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::AgreeReaderResponse>(TestTrust::Staff("n1"), "AgreeReader", agree).status()));
}

TEST_P(SealTest, WhatAnOfficerHoldsIsHandedOn) {
  const std::string name = trust_.HoldCheckIn("n1", 1, "said").name();
  v1::HandOverRequest request;
  request.set_parent(kTrust);
  request.set_to(TestTrust::Name("hr2"));
  request.set_from(TestTrust::Name("hr"));
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::HandOverResponse>(TestTrust::Hr("hr2"), "HandOver", request).status()))
      << "not while the holder is in office";
  request.clear_from();
  request.set_to(TestTrust::Name("n5"));
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::HandOverResponse>(TestTrust::Hr(), "HandOver", request).status()));
  request.set_to(TestTrust::Name("hr2"));
  auto moved = As<v1::HandOverResponse>(TestTrust::Hr(), "HandOver", request);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->record_count(), 1);
  EXPECT_EQ(Get(TestTrust::Hr("hr2"), name)->note(), "said");
  EXPECT_TRUE(absl::IsPermissionDenied(Get(TestTrust::Hr(), name).status()));
}

TEST_P(SealTest, TheEmergencyIsToldWrittenDownAndReadOnce) {
  trust_.HoldCheckIn("n1", 1, "dark thoughts", "see the doctor");
  trust_.HoldCheckIn("n2", 1, "somebody else");
  trust_.RaiseConcern("not eating");
  for (const identity::Caller& other : {TestTrust::Staff("n2"), TestTrust::As("ceo", type::v1::ROLE_CEO),
                                        TestTrust::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"}),
                                        TestTrust::As("admin", type::v1::ROLE_ADMINISTRATOR), testing::TestService::Operator()}) {
    EXPECT_TRUE(absl::IsPermissionDenied(As<v1::BreakGlassResponse>(other, "BreakGlass", Emergency()).status())) << other.subject;
  }
  v1::BreakGlassRequest hasty = Emergency();
  hasty.set_reason("because");
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::BreakGlassResponse>(TestTrust::Dpo(), "BreakGlass", hasty).status()));
  auto read = As<v1::BreakGlassResponse>(TestTrust::Dpo(), "BreakGlass", Emergency());
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(read->check_ins(), SizeIs(1));
  EXPECT_EQ(read->check_ins(0).note(), "dark thoughts");
  ASSERT_THAT(read->welfare_concerns(), SizeIs(1));
  EXPECT_EQ(read->welfare_concerns(0).text(), "not eating");
  EXPECT_EQ(read->notice().record_count(), 2);
  // The person and the second officer know, and why; nobody else does.
  for (const identity::Caller& told : {TestTrust::Staff("n1"), TestTrust::Hr(), TestTrust::Dpo()}) {
    const v1::ListNoticesResponse notices = Notices(told);
    ASSERT_THAT(notices.notices(), SizeIs(1)) << told.subject;
    EXPECT_EQ(notices.notices(0).opened_by(), TestTrust::Name("dpo"));
    EXPECT_EQ(notices.notices(0).person(), TestTrust::Name("n1"));
    EXPECT_THAT(notices.notices(0).reason(), ::testing::HasSubstr("unconscious"));
  }
  EXPECT_THAT(Notices(TestTrust::Staff("n2")).notices(), SizeIs(0));
  EXPECT_THAT(Notices(TestTrust::Hr("hr2")).notices(), SizeIs(0));
  // It opened nothing for later.
  EXPECT_TRUE(absl::IsPermissionDenied(Get(TestTrust::Dpo(), read->check_ins(0).name()).status()));
  audit::v1::ListAuditEntriesRequest trail;
  trail.set_parent(kTrust);
  trail.set_resource(read->check_ins(0).name());
  auto entries = trust_.Call<audit::v1::ListAuditEntriesResponse>(TestTrust::Dpo(),
                                                                  "fivestrand.audit.v1.AuditService.ListAuditEntries", trail);
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_GT(entries->audit_entries_size(), 0);
  EXPECT_EQ(entries->audit_entries(0).action(), "breakGlass");
  EXPECT_EQ(entries->audit_entries(0).actor(), TestTrust::Name("dpo"));
  EXPECT_TRUE(absl::IsPermissionDenied(
      trust_
          .Call<audit::v1::ListAuditEntriesResponse>(TestTrust::As("admin", type::v1::ROLE_ADMINISTRATOR),
                                                     "fivestrand.audit.v1.AuditService.ListAuditEntries", trail)
          .status()));
  // Each breach is one of its own.
  ASSERT_TRUE(As<v1::BreakGlassResponse>(TestTrust::Hr(), "BreakGlass", Emergency()).ok());
  EXPECT_THAT(Notices(TestTrust::Staff("n1")).notices(), SizeIs(2));
}

TEST_P(SealTest, ReadsOfTextsStandInTheTrail) {
  const std::string name = trust_.HoldCheckIn("n1", 1, "said").name();
  ASSERT_TRUE(Get(TestTrust::Hr(), name).ok());
  audit::v1::ListAuditEntriesRequest trail;
  trail.set_parent(kTrust);
  trail.set_resource(name);
  auto entries = trust_.Call<audit::v1::ListAuditEntriesResponse>(TestTrust::Dpo(),
                                                                  "fivestrand.audit.v1.AuditService.ListAuditEntries", trail);
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_GT(entries->audit_entries_size(), 0);
  EXPECT_EQ(entries->audit_entries(0).action(), "read");
  EXPECT_EQ(entries->audit_entries(0).actor(), TestTrust::Name("hr"));
}

// Sentences planted wherever somebody can write, and persons whom nothing in the clear may name.
TEST_P(SealTest, NothingPlantedIsFoundInTheStoreTheFeedTheLogOrTheMetrics) {
  const std::string person = TestTrust::Name("n1"), raiser = TestTrust::Name("head"), reader = TestTrust::Name("n7");
  trust_.HoldCheckIn("n1", 1, "planted note about heron", "planted agreement about otter");
  v1::RequestCheckInRequest request;
  request.set_parent(kTrust);
  request.set_request("planted request about badger");
  ASSERT_TRUE(As<v1::CheckIn>(TestTrust::Staff("n9"), "RequestCheckIn", request).ok());
  v1::CreateWelfareConcernRequest raise;
  raise.set_parent(kTrust);
  raise.mutable_welfare_concern()->set_person(person);
  raise.mutable_welfare_concern()->set_text("planted concern about kestrel");
  raise.set_request_id("6f1b2f0e-0a3e-4f55-9d3b-0a4f6f1f9c12");
  auto concern = As<v1::WelfareConcern>(TestTrust::Hr(), "CreateWelfareConcern", raise);
  ASSERT_TRUE(concern.ok()) << concern.status();
  v1::CreateSupportRequest support;
  support.set_parent(kTrust);
  support.mutable_support()->set_person(person);
  support.mutable_support()->set_kind(v1::Support::EMPLOYEE_ASSISTANCE);
  support.mutable_support()->set_note("planted support about curlew");
  support.mutable_support()->set_agreed("planted support about plover");
  *support.mutable_support()->mutable_start_date() = trust_.Day(0);
  auto made = As<v1::Support>(TestTrust::Hr(), "CreateSupport", support);
  ASSERT_TRUE(made.ok()) << made.status();
  v1::AgreeReaderRequest agree;
  agree.set_name(made->name());
  agree.set_reader(reader);
  ASSERT_TRUE(As<v1::AgreeReaderResponse>(TestTrust::Staff("n1"), "AgreeReader", agree).ok());
  v1::CreateFollowUpRequest follow;
  follow.set_parent(kTrust);
  follow.mutable_follow_up()->set_record(made->name());
  follow.mutable_follow_up()->set_action("planted action about dunnock");
  *follow.mutable_follow_up()->mutable_due_date() = trust_.Day(3);
  ASSERT_TRUE(As<v1::FollowUp>(TestTrust::Hr(), "CreateFollowUp", follow).ok());
  v1::BreakGlassRequest emergency = Emergency();
  emergency.set_reason("planted reason about sparrow");
  ASSERT_TRUE(As<v1::BreakGlassResponse>(TestTrust::Dpo(), "BreakGlass", emergency).ok());
  // Refusals are answered without repeating what was sent.
  raise.mutable_welfare_concern()->set_person(TestTrust::Name("nobody"));
  raise.clear_request_id();
  EXPECT_FALSE(As<v1::WelfareConcern>(TestTrust::Hr(), "CreateWelfareConcern", raise).ok());

  const std::string dump = trust_.Dump();
  ASSERT_TRUE(Holds(dump, "welfareconcerns/") || Holds(dump, "welfareConcerns/")) << "the dump is one of this store";
  std::string metrics = prometheus::TextSerializer().Serialize(trust_.service().metrics().Collect());
  std::string backup;
  if (trust_.sqlite()) {
    const std::string path = trust_.service().store_url().substr(sizeof("sqlite:") - 1) + ".backup";
    ASSERT_TRUE(trust_.service().store().BackupTo(path).ok());
    std::ifstream in(path, std::ios::binary);
    backup.assign(std::istreambuf_iterator<char>(in), {});
    ASSERT_GT(backup.size(), 10'000U);
  }
  const std::string files = trust_.Files(), log = trust_.service().log();
  for (const char* planted : {"heron", "otter", "badger", "kestrel", "curlew", "plover", "dunnock", "sparrow"}) {
    EXPECT_FALSE(Holds(dump, planted)) << planted;
    EXPECT_FALSE(Holds(files, planted)) << planted;
    EXPECT_FALSE(Holds(backup, planted)) << planted;
    EXPECT_FALSE(Holds(log, planted)) << planted;
    EXPECT_FALSE(Holds(metrics, planted)) << planted;
  }
  // No welfare table names the person, who raised it or whom the person let in; nor does the feed.
  for (const char* table :
       {"check_in", "welfare_concern", "support", "welfare_follow_up", "welfare_notice", "welfare_party", "outbox"}) {
    for (const std::string& row : trust_.Rows(table)) {
      EXPECT_FALSE(Holds(row, "people/n1'") || Holds(row, person + ",") || Holds(row, "people/n7")) << table << ": " << row;
    }
  }
  int events = 0;
  ASSERT_TRUE(trust_.service()
                  .store()
                  .Read(absl::InfiniteFuture(),
                        [&](store::Session& session) {
                          return store::ReadEvents(session, 0, 1000, {},
                                                   [&](const store::StoredEvent& event) {
                                                     const std::string record(event.record);
                                                     if (event.resource_type == "fivestrand/CheckIn") {
                                                       v1::CheckIn check_in;
                                                       EXPECT_TRUE(check_in.ParseFromString(record));
                                                       EXPECT_EQ(check_in.person() + check_in.note() + check_in.agreed(), "");
                                                       EXPECT_NE(check_in.school(), "");
                                                     }
                                                     EXPECT_FALSE(Holds(record, person)) << event.resource_type;
                                                     EXPECT_FALSE(Holds(record, reader)) << event.resource_type;
                                                     ++events;
                                                     return absl::OkStatus();
                                                   })
                              .status();
                        })
                  .ok());
  EXPECT_GT(events, 5);
}

INSTANTIATE_TEST_SUITE_P(Engines, SealTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::welfare
