// Who read what is about oneself: told to the person, whole, and to nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/audit/v1/audit.pb.h"

#include "services/welfare/app/test_trust.h"

namespace fivestrand::welfare {
namespace {

using audit::v1::ListRecordReadsRequest;
using audit::v1::ListRecordReadsResponse;
using audit::v1::RecordRead;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::EngineKind;
using ::testing::HasSubstr;
using ::testing::Not;

class ReadsTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  ReadsTest() : trust_(GetParam()) {}

  template <typename Response, typename Request>
  absl::StatusOr<Response> As(const identity::Caller& caller, const std::string& method, const Request& request) {
    return trust_.Call<Response>(caller, absl::StrCat(kWelfare, method), request);
  }
  absl::StatusOr<ListRecordReadsResponse> List(const identity::Caller& caller, const std::string& name, int page_size = 0,
                                               const std::string& token = "") {
    ListRecordReadsRequest request;
    request.set_name(name);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return trust_.Call<ListRecordReadsResponse>(caller, "fivestrand.audit.v1.AuditService.ListRecordReads", request);
  }
  // "READ hr" for each, newest first; "READ -" without a name. `owner` is told.
  std::vector<std::string> Reads(const std::string& owner, const std::string& name) {
    auto listed = List(TestTrust::Staff(owner), name);
    EXPECT_TRUE(listed.ok()) << listed.status();
    std::vector<std::string> told;
    if (!listed.ok()) return told;
    for (const RecordRead& read : listed->record_reads()) {
      const std::string& reader = read.reader();
      told.push_back(
          absl::StrCat(RecordRead::Kind_Name(read.kind()), " ", reader.empty() ? "-" : reader.substr(reader.rfind('/') + 1)));
      EXPECT_GT(read.read_time().seconds(), 0);
    }
    return told;
  }
  void Read(const identity::Caller& caller, const std::string& concern) {
    v1::GetWelfareConcernRequest get;
    get.set_name(concern);
    auto read = As<v1::WelfareConcern>(caller, "GetWelfareConcern", get);
    ASSERT_TRUE(read.ok()) << caller.subject << read.status();
  }
  v1::WelfareConcern Share(const identity::Caller& holder, const std::string& concern) {
    v1::UpdateWelfareConcernRequest update;
    update.mutable_welfare_concern()->set_name(concern);
    update.mutable_welfare_concern()->set_agreed("we talk on Monday");
    auto shared = As<v1::WelfareConcern>(holder, "UpdateWelfareConcern", update);
    EXPECT_TRUE(shared.ok()) << shared.status();
    return *shared;
  }
  void LetIn(const std::string& concern, const std::string& reader) {
    v1::AgreeReaderRequest agree;
    agree.set_name(concern);
    agree.set_reader(TestTrust::Name(reader));
    ASSERT_TRUE(As<v1::AgreeReaderResponse>(TestTrust::Staff("n1"), "AgreeReader", agree).ok());
  }

  TestTrust trust_;
};

TEST_P(ReadsTest, ThePersonIsToldWhoAndNobodyElseIsToldAnything) {
  const std::string name = trust_.HoldCheckIn("n1", 1, "said", "agreed").name();
  v1::GetCheckInRequest get;
  get.set_name(name);
  ASSERT_TRUE(As<v1::CheckIn>(TestTrust::Hr(), "GetCheckIn", get).ok());
  ASSERT_TRUE(As<v1::CheckIn>(TestTrust::Staff("n1"), "GetCheckIn", get).ok());
  ASSERT_TRUE(absl::IsPermissionDenied(As<v1::CheckIn>(TestTrust::Hr("hr2"), "GetCheckIn", get).status()));
  // One's own reading, and one that was refused, are not in it.
  EXPECT_THAT(Reads("n1", name), ElementsAre("READ hr", "CHANGE hr", "CHANGE hr"));
  auto told = List(TestTrust::Staff("n1"), name);
  ASSERT_TRUE(told.ok());
  for (const char* text : {"said", "agreed"}) EXPECT_THAT(told->DebugString(), Not(HasSubstr(text)));

  const std::string none = "trusts/acorn/checkIns/there-is-none";
  for (const identity::Caller& other :
       {TestTrust::Hr(), TestTrust::Hr("hr2"), TestTrust::Dpo(), TestTrust::As("admin", type::v1::ROLE_ADMINISTRATOR),
        TestTrust::As("ceo", type::v1::ROLE_CEO), TestTrust::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"}),
        TestTrust::Staff("n2")}) {
    const absl::Status refused = List(other, name).status(), missing = List(other, none).status();
    EXPECT_TRUE(absl::IsNotFound(refused)) << other.subject << refused;
    EXPECT_EQ(refused.code(), missing.code());
    std::string same(refused.message());
    same.replace(same.find(name), name.size(), none);
    EXPECT_EQ(same, std::string(missing.message()));
  }
  // Another trust's.
  EXPECT_FALSE(List(testing::TestService::Person("other", "n1", type::v1::ROLE_TEACHER), name).ok());
}

TEST_P(ReadsTest, AChangeThatChangesNothingReadsToo) {
  const std::string name = trust_.HoldCheckIn("n1", 1, "said", "agreed").name();
  v1::UpdateCheckInRequest update;
  update.mutable_check_in()->set_name(name);
  update.mutable_check_in()->set_note("said");
  auto answer = As<v1::CheckIn>(TestTrust::Hr(), "UpdateCheckIn", update);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->agreed(), "agreed");
  EXPECT_THAT(Reads("n1", name), ElementsAre("READ hr", "CHANGE hr", "CHANGE hr"));
  update.mutable_check_in()->set_note("something else");
  update.set_validate_only(true);
  answer = As<v1::CheckIn>(TestTrust::Hr(), "UpdateCheckIn", update);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->agreed(), "agreed");
  EXPECT_THAT(Reads("n1", name), ElementsAre("READ hr", "READ hr", "CHANGE hr", "CHANGE hr"));
}

TEST_P(ReadsTest, AnEmergencyShows) {
  const std::string name = trust_.HoldCheckIn("n1", 1, "said").name();
  v1::BreakGlassRequest open;
  open.set_parent(kTrust);
  open.set_person(TestTrust::Name("n1"));
  open.set_reason("found unconscious, the hospital asks what we know");
  ASSERT_TRUE(As<v1::BreakGlassResponse>(TestTrust::Dpo(), "BreakGlass", open).ok());
  EXPECT_THAT(Reads("n1", name), Contains("EMERGENCY dpo").Times(1));
}

TEST_P(ReadsTest, EveryPageOnce) {
  const std::string name = trust_.HoldCheckIn("n1", 1, "said").name();
  v1::GetCheckInRequest get;
  get.set_name(name);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(As<v1::CheckIn>(TestTrust::Hr(), "GetCheckIn", get).ok());
  std::string token;
  std::vector<std::int64_t> times;
  int pages = 0;
  do {
    auto page = List(TestTrust::Staff("n1"), name, 3, token);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const RecordRead& read : page->record_reads())
      times.push_back(read.read_time().seconds() * 1'000'000 + read.read_time().nanos() / 1000);
    token = page->next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  ASSERT_EQ(times.size(), 7U) << "five readings, and two changes";
  for (size_t i = 1; i < times.size(); ++i) EXPECT_LT(times[i], times[i - 1]) << "newest first";
  const std::string second = List(TestTrust::Staff("n1"), name, 3)->next_page_token();
  const std::string other = trust_.HoldCheckIn("n1").name();
  EXPECT_TRUE(absl::IsInvalidArgument(List(TestTrust::Staff("n1"), other, 3, second).status()));
}

TEST_P(ReadsTest, WhoRaisedAConcernDoesNotComeOut) {
  const std::string name = trust_.RaiseConcern("not eating").name();
  const identity::Caller head = TestTrust::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"});
  Read(head, name);
  Read(TestTrust::Hr(), name);
  EXPECT_TRUE(absl::IsNotFound(List(TestTrust::Staff("n1"), name).status())) << "the person does not know of it yet";
  Share(TestTrust::Hr(), name);
  EXPECT_THAT(Reads("n1", name), ElementsAre("CHANGE hr", "READ hr", "READ -", "CHANGE -"));

  // The raiser is let in, as anybody could be: what they read before still has no name.
  LetIn(name, "head");
  Read(head, name);
  EXPECT_THAT(Reads("n1", name), ElementsAre("READ head", "CHANGE hr", "READ hr", "READ -", "CHANGE -"));

  // Nor does it when somebody else holds it.
  v1::HandOverRequest hand;
  hand.set_parent(kTrust);
  hand.set_record(name);
  hand.set_to(TestTrust::Name("hr2"));
  ASSERT_TRUE(As<v1::HandOverResponse>(TestTrust::Hr(), "HandOver", hand).ok());
  Read(TestTrust::Hr("hr2"), name);
  EXPECT_THAT(Reads("n1", name), ElementsAre("READ hr2", "CHANGE -", "READ head", "CHANGE -", "READ -", "READ -", "CHANGE -"));
}

TEST_P(ReadsTest, AConcernOfOnesOwnNamesEverybody) {
  v1::CreateWelfareConcernRequest raise;
  raise.set_parent(kTrust);
  raise.mutable_welfare_concern()->set_person(TestTrust::Name("n1"));
  raise.mutable_welfare_concern()->set_text("cannot sleep");
  auto concern = As<v1::WelfareConcern>(TestTrust::Staff("n1"), "CreateWelfareConcern", raise);
  ASSERT_TRUE(concern.ok()) << concern.status();
  const std::string holder = concern->holder().substr(concern->holder().rfind('/') + 1);
  Read(TestTrust::Hr(holder), concern->name());
  LetIn(concern->name(), "n7");
  Read(TestTrust::Staff("n7"), concern->name());
  EXPECT_THAT(Reads("n1", concern->name()), ElementsAre("READ n7", absl::StrCat("READ ", holder)));
}

INSTANTIATE_TEST_SUITE_P(Engines, ReadsTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::welfare
