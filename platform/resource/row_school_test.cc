// Records at trust level that belong to a school, and restricted ones, through a real server on both engines.
#include <condition_variable>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/resourcetest/v1/loans.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/resource/registry.h"
#include "platform/rpc/bytes.h"
#include "platform/status/status.h"
#include "platform/testing/test_service.h"

namespace fivestrand::resource {
namespace {

using identity::AccessRule;
using identity::Reach;
using resourcetest::v1::CreateLoanRequest;
using resourcetest::v1::DeleteLoanRequest;
using resourcetest::v1::GetLoanRequest;
using resourcetest::v1::ListLoanRevisionsRequest;
using resourcetest::v1::ListLoanRevisionsResponse;
using resourcetest::v1::ListLoansRequest;
using resourcetest::v1::ListLoansResponse;
using resourcetest::v1::Loan;
using resourcetest::v1::UpdateLoanRequest;
using status::Reason;
using status::ReasonOf;
using ::testing::ElementsAre;
using testing::EngineKind;
using ::testing::IsEmpty;
using testing::TestService;
using ::testing::UnorderedElementsAre;

constexpr char kService[] = "fivestrand.resourcetest.v1.LoanService.";

constexpr AccessRule kRules[] = {
    {type::v1::ROLE_HEADTEACHER, "library.loans.*", Reach::kRowSchool},
    {type::v1::ROLE_CEO, "library.loans.*", Reach::kRowSchool},
    {type::v1::ROLE_SENIOR_LEADER, "library.loans.*", Reach::kSchool},
    {type::v1::ROLE_TEACHER, "library.loans.*", Reach::kOwn},
};

constexpr store::Migration kMigrations[] = {{1, "create_loan", R"sql(
CREATE TABLE loan (
  trust TEXT NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, revision BIGINT NOT NULL, create_time BIGINT NOT NULL, update_time BIGINT NOT NULL,
  delete_time BIGINT, record BYTEA NOT NULL, sealed BYTEA, borrower TEXT NOT NULL, school TEXT NOT NULL, restricted BIGINT NOT NULL,
  PRIMARY KEY (trust, path));
)sql"}};

service::RecordServiceSpec Spec() {
  service::RecordServiceSpec spec;
  spec.name = "loans";
  spec.migrations = {{"loans", kMigrations}};
  spec.access_rules = kRules;
  spec.services = {"fivestrand.resourcetest.v1.LoanService"};
  spec.declare = [](Registry* registry) {
    return registry->Declare(Loan::descriptor(), nullptr);
  };
  return spec;
}

class RowSchoolTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  RowSchoolTest() : service_(GetParam(), Spec(), absl::FromCivil(absl::CivilHour(2026, 11, 24, 9), absl::UTCTimeZone())) {}

  static identity::Caller Head(const std::string& school = "oak") {
    return TestService::Person("t", "head", type::v1::ROLE_HEADTEACHER, {school});
  }
  static identity::Caller Ceo() { return TestService::Person("t", "ceo", type::v1::ROLE_CEO); }
  static identity::Caller Teacher(const std::string& id) { return TestService::Person("t", id, type::v1::ROLE_TEACHER, {"oak"}); }

  absl::StatusOr<Loan> Create(const identity::Caller& caller, const std::string& id, const std::string& school,
                              const std::string& borrower = "", bool restricted = false) {
    CreateLoanRequest request;
    request.set_parent("trusts/t");
    request.set_loan_id(id);
    if (!school.empty()) request.mutable_loan()->set_school(absl::StrCat("trusts/t/schools/", school));
    if (!borrower.empty()) request.mutable_loan()->set_borrower(absl::StrCat("trusts/t/people/", borrower));
    request.mutable_loan()->set_restricted(restricted);
    return service_.Call<Loan>(caller, absl::StrCat(kService, "CreateLoan"), request);
  }
  absl::Status Get(const identity::Caller& caller, const std::string& id) {
    GetLoanRequest request;
    request.set_name(absl::StrCat("trusts/t/loans/", id));
    return service_.Call<Loan>(caller, absl::StrCat(kService, "GetLoan"), request).status();
  }
  absl::Status Update(const identity::Caller& caller, const std::string& id, const std::string& school = "") {
    UpdateLoanRequest request;
    request.mutable_loan()->set_name(absl::StrCat("trusts/t/loans/", id));
    request.mutable_loan()->set_title("again");
    if (!school.empty()) request.mutable_loan()->set_school(absl::StrCat("trusts/t/schools/", school));
    return service_.Call<Loan>(caller, absl::StrCat(kService, "UpdateLoan"), request).status();
  }
  absl::Status Delete(const identity::Caller& caller, const std::string& id) {
    DeleteLoanRequest request;
    request.set_name(absl::StrCat("trusts/t/loans/", id));
    return service_.Call<Loan>(caller, absl::StrCat(kService, "DeleteLoan"), request).status();
  }
  // Ids in order, page by page.
  std::vector<std::string> List(const identity::Caller& caller, const std::string& filter = "") {
    ListLoansRequest request;
    request.set_parent("trusts/t");
    request.set_filter(filter);
    request.set_page_size(2);
    std::vector<std::string> ids;
    do {
      auto response = service_.Call<ListLoansResponse>(caller, absl::StrCat(kService, "ListLoans"), request);
      EXPECT_TRUE(response.ok()) << response.status();
      if (!response.ok()) break;
      for (const Loan& loan : response->loans()) ids.push_back(loan.name().substr(loan.name().rfind('/') + 1));
      request.set_page_token(response->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  void CreateSome() {
    ASSERT_TRUE(Create(Ceo(), "ash-1", "ash").ok());
    ASSERT_TRUE(Create(Ceo(), "oak-1", "oak", "anna").ok());
    ASSERT_TRUE(Create(Ceo(), "oak-2", "oak").ok());
    ASSERT_TRUE(Create(Ceo(), "trust-1", "", "anna").ok());
    ASSERT_TRUE(Create(Teacher("anna"), "z-secret", "oak", "anna", true).ok());
  }

  TestService service_;
};

TEST_P(RowSchoolTest, AGrantForASchoolReachesTheRowsOfTheSchool) {
  CreateSome();
  EXPECT_THAT(List(Head()), ElementsAre("oak-1", "oak-2"));
  EXPECT_THAT(List(Head("ash")), ElementsAre("ash-1"));
  EXPECT_THAT(List(Head("elm")), IsEmpty());
  EXPECT_THAT(List(Ceo()), ElementsAre("ash-1", "oak-1", "oak-2", "trust-1"));
  EXPECT_THAT(List(Head(), "school = \"trusts/t/schools/ash\""), IsEmpty());
  EXPECT_TRUE(Get(Head(), "oak-1").ok());
  EXPECT_TRUE(Get(Ceo(), "trust-1").ok());
  // The same answer for what is another school's, the trust's, and what does not exist.
  for (const char* id : {"ash-1", "trust-1", "none"}) {
    EXPECT_EQ(ReasonOf(Get(Head(), id)), Reason::kPermissionDenied) << id;
    EXPECT_EQ(ReasonOf(Update(Head(), id)), Reason::kPermissionDenied) << id;
    EXPECT_EQ(ReasonOf(Delete(Head(), id)), Reason::kPermissionDenied) << id;
  }
}

TEST_P(RowSchoolTest, RulesForSchoolsAloneDoNotOpenTheTrustLevel) {
  CreateSome();
  const identity::Caller senior = TestService::Person("t", "senior", type::v1::ROLE_SENIOR_LEADER, {"oak"});
  EXPECT_EQ(ReasonOf(Get(senior, "oak-1")), Reason::kPermissionDenied);
  ListLoansRequest list;
  list.set_parent("trusts/t");
  EXPECT_EQ(ReasonOf(service_.Call<ListLoansResponse>(senior, absl::StrCat(kService, "ListLoans"), list).status()),
            Reason::kPermissionDenied);
}

TEST_P(RowSchoolTest, ARecordIsMadeAndMovedOnlyWithinTheGrant) {
  EXPECT_TRUE(Create(Head(), "a", "oak").ok());
  EXPECT_EQ(ReasonOf(Create(Head(), "b", "ash").status()), Reason::kPermissionDenied);
  EXPECT_EQ(ReasonOf(Create(Head(), "c", "").status()), Reason::kPermissionDenied);
  EXPECT_EQ(ReasonOf(Create(Head(), "d", "oak/../ash").status()), Reason::kPermissionDenied);
  EXPECT_TRUE(Update(Head(), "a").ok());
  EXPECT_EQ(ReasonOf(Update(Head(), "a", "ash")), Reason::kPermissionDenied);
  EXPECT_TRUE(Update(Ceo(), "a", "ash").ok());
  EXPECT_EQ(ReasonOf(Update(Head(), "a")), Reason::kPermissionDenied);
  EXPECT_TRUE(Delete(Head("ash"), "a").ok());
}

TEST_P(RowSchoolTest, OnesOwnRowsAreReachedWhateverTheirSchool) {
  CreateSome();
  ASSERT_TRUE(Create(Ceo(), "ash-2", "ash", "anna").ok());
  EXPECT_THAT(List(Teacher("anna")), ElementsAre("ash-2", "oak-1", "trust-1", "z-secret"));
  EXPECT_TRUE(Get(Teacher("anna"), "ash-2").ok());
  EXPECT_EQ(ReasonOf(Get(Teacher("bert"), "ash-2")), Reason::kPermissionDenied);
}

TEST_P(RowSchoolTest, ARestrictedRecordDoesNotExistForAnybodyElse) {
  CreateSome();
  EXPECT_TRUE(Get(Teacher("anna"), "z-secret").ok());
  EXPECT_TRUE(Update(Teacher("anna"), "z-secret").ok());
  for (const auto& [caller, like] : {std::pair{Ceo(), Reason::kResourceNotFound}, std::pair{Head(), Reason::kPermissionDenied}}) {
    EXPECT_EQ(ReasonOf(Get(caller, "none")), like);
    EXPECT_EQ(ReasonOf(Get(caller, "z-secret")), like);
    EXPECT_EQ(ReasonOf(Update(caller, "z-secret")), like);
    EXPECT_EQ(ReasonOf(Delete(caller, "z-secret")), like);
    ListLoanRevisionsRequest revisions;
    revisions.set_name("trusts/t/loans/z-secret");
    EXPECT_EQ(
        ReasonOf(service_.Call<ListLoanRevisionsResponse>(caller, absl::StrCat(kService, "ListLoanRevisions"), revisions).status()),
        like);
    EXPECT_THAT(List(caller, "restricted = true"), IsEmpty());
  }
  // Nor can anybody make one that they would not see, or make one vanish from the sight of others.
  EXPECT_FALSE(Create(Ceo(), "other", "oak", "anna", true).ok());
  UpdateLoanRequest hide;
  hide.mutable_loan()->set_name("trusts/t/loans/oak-1");
  hide.mutable_loan()->set_restricted(true);
  EXPECT_FALSE(service_.Call<Loan>(Ceo(), absl::StrCat(kService, "UpdateLoan"), hide).ok());
}

// The feed of a screen names only what its caller can list.
TEST_P(RowSchoolTest, ChangesAreToldToThoseWhoCanListThem) {
  struct Watch {
    std::mutex mutex;
    std::condition_variable changed;
    bool connected = false;
    std::vector<std::string> ids;
  };
  auto open = [&](const identity::Caller& caller, Watch* watch) {
    events::v1::WatchChangesRequest request;
    request.set_parent("trusts/t");
    rpc::CallOptions options;
    options.token = service_.TokenFor(caller);
    return service_.client().Stream(
        "/fivestrand.events.v1.ChangeService/WatchChanges", rpc::ToByteBuffer(request), options,
        [watch](grpc::ByteBuffer bytes) {
          events::v1::Change change;
          EXPECT_TRUE(rpc::ParseByteBuffer(bytes, &change));
          std::lock_guard lock(watch->mutex);
          watch->connected = true;
          if (!change.resource().empty()) watch->ids.push_back(change.resource().substr(change.resource().rfind('/') + 1));
          watch->changed.notify_all();
          return true;
        },
        [](absl::Status) {});
  };
  Watch head, ceo, anna;
  auto head_stream = open(Head(), &head), ceo_stream = open(Ceo(), &ceo), anna_stream = open(Teacher("anna"), &anna);
  for (Watch* watch : {&head, &ceo, &anna}) {
    std::unique_lock lock(watch->mutex);
    ASSERT_TRUE(watch->changed.wait_for(lock, std::chrono::seconds(20), [&] { return watch->connected; }));
  }
  CreateSome();
  ASSERT_TRUE(Create(Ceo(), "zz-last", "oak", "anna").ok());  // All three are told of this one.
  for (Watch* watch : {&head, &ceo, &anna}) {
    std::unique_lock lock(watch->mutex);
    ASSERT_TRUE(watch->changed.wait_for(lock, std::chrono::seconds(20),
                                        [&] { return !watch->ids.empty() && watch->ids.back() == "zz-last"; }));
  }
  EXPECT_THAT(head.ids, ElementsAre("oak-1", "oak-2", "zz-last"));
  EXPECT_THAT(ceo.ids, ElementsAre("ash-1", "oak-1", "oak-2", "trust-1", "zz-last"));
  EXPECT_THAT(anna.ids, ElementsAre("oak-1", "trust-1", "z-secret", "zz-last"));
  for (const auto& stream : {head_stream, ceo_stream, anna_stream}) stream->Cancel();
}

INSTANTIATE_TEST_SUITE_P(Engines, RowSchoolTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::resource
