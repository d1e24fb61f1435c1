// Role by role: who may call what, against the table of the trust's policy (docs/reference/access.md).
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "fivestrand/options/v1/options.pb.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/api/annotations.pb.h"

#include "platform/status/status.h"
#include "services/leadership/app/leadership_spec.h"
#include "services/leadership/app/test_trust.h"

namespace fivestrand::leadership {
namespace {

using identity::Caller;
using testing::EngineKind;
using testing::TestService;

// Sets up once; every test only reads, or writes what no other looks at.
class PermissionsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { trust_ = new TestTrust(EngineKind::kSqlite); }
  static void TearDownTestSuite() {
    delete trust_;
    trust_ = nullptr;
  }
  static TestTrust* trust_;

  static Caller As(type::v1::Role role, std::vector<std::string> schools = {"northgate"}, const std::string& person = "caller") {
    return TestService::Person("acorn", person, role, std::move(schools));
  }
  static bool May(const Caller& caller, const std::string& method, const google::protobuf::Message& request,
                  google::protobuf::Message* response) {
    absl::Status status = trust_->service().Call(caller, method, request, response);
    EXPECT_FALSE(absl::IsInternal(status)) << method << " " << status << " " << trust_->service().log();
    return !absl::IsPermissionDenied(status);
  }
};
TestTrust* PermissionsTest::trust_ = nullptr;

constexpr char kVisibility[] = "fivestrand.leadership.v1.VisibilityService.";

TEST_F(PermissionsTest, VisitsAreReadByThoseWhomThePolicyNames) {
  const std::map<type::v1::Role, bool> may = {{type::v1::ROLE_CEO, true},
                                              {type::v1::ROLE_EXECUTIVE_HEADTEACHER, true},
                                              {type::v1::ROLE_HEADTEACHER, true},
                                              {type::v1::ROLE_SENIOR_LEADER, true},
                                              {type::v1::ROLE_MIDDLE_LEADER, false},
                                              {type::v1::ROLE_TEACHER, false},
                                              {type::v1::ROLE_SENDCO, false},
                                              {type::v1::ROLE_SUPPORT_STAFF, false},
                                              {type::v1::ROLE_DIRECTOR, false},
                                              {type::v1::ROLE_HR_DIRECTOR, false},
                                              {type::v1::ROLE_ADMINISTRATOR, false},
                                              {type::v1::ROLE_DATA_PROTECTION_OFFICER, false},
                                              {type::v1::ROLE_EXTERNAL_CONSULTANT, false}};
  v1::ListVisitsRequest list;
  list.set_parent("trusts/acorn/schools/northgate");
  v1::ListVisitsResponse response;
  for (const auto& [role, expected] : may)
    EXPECT_EQ(May(As(role), absl::StrCat(kVisibility, "ListVisits"), list, &response), expected) << type::v1::Role_Name(role);
  // Another school's head, and a person of another trust.
  EXPECT_FALSE(May(As(type::v1::ROLE_HEADTEACHER, {"elmwood"}), absl::StrCat(kVisibility, "ListVisits"), list, &response));
  EXPECT_FALSE(
      May(TestService::Person("other", "ceo", type::v1::ROLE_CEO), absl::StrCat(kVisibility, "ListVisits"), list, &response));
}

TEST_F(PermissionsTest, OnlyTheCeoAndExecutiveHeadteachersRecordVisits) {
  v1::CreateVisitRequest create;
  create.set_parent("trusts/acorn/schools/northgate");
  create.mutable_visit()->set_purpose("Reading");
  trust_->SetTime(-60, create.mutable_visit()->mutable_start_time());
  create.set_validate_only(true);
  v1::Visit visit;
  for (type::v1::Role role : {type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER}) {
    EXPECT_TRUE(May(trust_->ceo(role), absl::StrCat(kVisibility, "CreateVisit"), create, &visit)) << type::v1::Role_Name(role);
  }
  for (type::v1::Role role : {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_TEACHER,
                              type::v1::ROLE_DIRECTOR, type::v1::ROLE_ADMINISTRATOR}) {
    EXPECT_FALSE(May(As(role), absl::StrCat(kVisibility, "CreateVisit"), create, &visit)) << type::v1::Role_Name(role);
  }
}

TEST_F(PermissionsTest, DropInsAreSeenByLeadersTheAuthorAndTheTeacherConcerned) {
  v1::CreateDropInRequest create;
  create.set_parent("trusts/acorn/schools/northgate");
  create.mutable_drop_in()->set_school_class(trust_->class_name());
  create.mutable_drop_in()->set_subject("trusts/acorn/subjects/maths");
  trust_->SetTime(-5, create.mutable_drop_in()->mutable_start_time());
  auto made = trust_->service().Call<v1::DropIn>(trust_->head(), absl::StrCat(kVisibility, "CreateDropIn"), create);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->teacher(), trust_->teacher().subject) << "the class has one teacher";
  EXPECT_EQ(made->year_group(), type::v1::YEAR_GROUP_5);
  v1::GetDropInRequest get;
  get.set_name(made->name());
  v1::DropIn drop_in;
  const std::string method = absl::StrCat(kVisibility, "GetDropIn");
  EXPECT_TRUE(May(trust_->head(), method, get, &drop_in));
  EXPECT_TRUE(May(trust_->teacher(), method, get, &drop_in)) << "the teacher concerned";
  EXPECT_TRUE(May(As(type::v1::ROLE_SENIOR_LEADER), method, get, &drop_in));
  EXPECT_TRUE(May(As(type::v1::ROLE_EXECUTIVE_HEADTEACHER), method, get, &drop_in));
  for (type::v1::Role role :
       {type::v1::ROLE_TEACHER, type::v1::ROLE_MIDDLE_LEADER, type::v1::ROLE_SUPPORT_STAFF, type::v1::ROLE_CEO,
        type::v1::ROLE_DIRECTOR, type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_EXTERNAL_CONSULTANT}) {
    EXPECT_FALSE(May(As(role), method, get, &drop_in)) << type::v1::Role_Name(role);
  }
  // Only the author changes it.
  v1::UpdateDropInRequest update;
  update.mutable_drop_in()->set_name(made->name());
  update.mutable_drop_in()->set_went_well("Clear modelling");
  EXPECT_TRUE(May(trust_->head(), absl::StrCat(kVisibility, "UpdateDropIn"), update, &drop_in));
  EXPECT_FALSE(May(As(type::v1::ROLE_SENIOR_LEADER), absl::StrCat(kVisibility, "UpdateDropIn"), update, &drop_in));
  EXPECT_FALSE(May(trust_->teacher(), absl::StrCat(kVisibility, "UpdateDropIn"), update, &drop_in));
}

TEST_F(PermissionsTest, AMiddleLeaderLooksIntoTheOwnSubjectOrYear) {
  v1::CreateDropInRequest create;
  create.set_parent("trusts/acorn/schools/northgate");
  create.mutable_drop_in()->set_school_class(trust_->class_name());
  create.mutable_drop_in()->set_subject("trusts/acorn/subjects/maths");
  trust_->SetTime(-5, create.mutable_drop_in()->mutable_start_time());
  create.set_validate_only(true);
  v1::DropIn drop_in;
  Caller leader = trust_->teacher();
  leader.grants[0].role = type::v1::ROLE_MIDDLE_LEADER;
  leader.grants[0].subjects = {"maths"};
  EXPECT_TRUE(May(leader, absl::StrCat(kVisibility, "CreateDropIn"), create, &drop_in));
  leader.grants[0].subjects = {"english"};
  EXPECT_FALSE(May(leader, absl::StrCat(kVisibility, "CreateDropIn"), create, &drop_in));
  leader.grants[0].year_groups = {type::v1::YEAR_GROUP_5};
  EXPECT_TRUE(May(leader, absl::StrCat(kVisibility, "CreateDropIn"), create, &drop_in));
}

TEST_F(PermissionsTest, FiguresWithoutRecords) {
  evidence::v1::SummariseEvidenceRequest summarise;
  summarise.set_parent("trusts/acorn/schools/northgate");
  const std::string method = "fivestrand.evidence.v1.EvidenceService.SummariseEvidence";
  evidence::v1::SummariseEvidenceResponse response;
  for (type::v1::Role role : {type::v1::ROLE_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                              type::v1::ROLE_HEADTEACHER, type::v1::ROLE_TEACHER}) {
    EXPECT_TRUE(May(As(role), method, summarise, &response)) << type::v1::Role_Name(role);
  }
  EXPECT_FALSE(May(As(type::v1::ROLE_TEACHER, {"elmwood"}), method, summarise, &response));
  Caller director = As(type::v1::ROLE_DIRECTOR, {});
  ASSERT_TRUE(May(director, method, summarise, &response));
  EXPECT_GT(response.summaries_size(), 0);
  for (const auto& summary : response.summaries())
    EXPECT_EQ(summary.latest().records_size(), 0) << "a director sees figures, no record";
}

TEST_F(PermissionsTest, ContactIsForHrAdministratorsAndOneself) {
  v1::GetPersonRequest get;
  get.set_name(trust_->teacher().subject);
  auto email = [&](const Caller& caller) {
    auto person = trust_->service().Call<v1::Person>(caller, "fivestrand.leadership.v1.PeopleService.GetPerson", get);
    EXPECT_TRUE(person.ok()) << person.status();
    return person.ok() ? person->email() : "";
  };
  EXPECT_NE(email(As(type::v1::ROLE_HR_DIRECTOR, {})), "");
  EXPECT_NE(email(As(type::v1::ROLE_ADMINISTRATOR, {})), "");
  EXPECT_NE(email(trust_->teacher()), "");
  EXPECT_EQ(email(As(type::v1::ROLE_TEACHER)), "");
  EXPECT_EQ(email(trust_->head()), "");
}

TEST_F(PermissionsTest, AGrantToOneselfWaitsForASecondPerson) {
  const Caller administrator = TestService::Person("acorn", "admin", type::v1::ROLE_ADMINISTRATOR);
  trust_->AddPerson("admin", "Ada Admin");
  trust_->AddPerson("second", "Sol Second");
  v1::CreateRoleGrantRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_role_grant()->set_person(administrator.subject);
  create.mutable_role_grant()->set_role(type::v1::ROLE_CEO);
  create.mutable_role_grant()->mutable_start_date()->set_year(2026);
  create.mutable_role_grant()->mutable_start_date()->set_month(9);
  create.mutable_role_grant()->mutable_start_date()->set_day(1);
  const std::string people = "fivestrand.leadership.v1.PeopleService.";
  auto grant = trust_->service().Call<v1::RoleGrant>(administrator, people + "CreateRoleGrant", create);
  ASSERT_TRUE(grant.ok()) << grant.status();
  EXPECT_EQ(grant->state(), v1::RoleGrant::PENDING);
  v1::ConfirmRoleGrantRequest confirm;
  confirm.set_name(grant->name());
  EXPECT_TRUE(absl::IsPermissionDenied(
      trust_->service().Call<v1::RoleGrant>(administrator, people + "ConfirmRoleGrant", confirm).status()));
  auto confirmed = trust_->service().Call<v1::RoleGrant>(TestService::Person("acorn", "second", type::v1::ROLE_ADMINISTRATOR),
                                                         people + "ConfirmRoleGrant", confirm);
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  EXPECT_EQ(confirmed->state(), v1::RoleGrant::CONFIRMED);
  EXPECT_EQ(confirmed->confirmer(), "trusts/acorn/people/second");
  EXPECT_TRUE(
      absl::IsFailedPrecondition(trust_->service()
                                     .Call<v1::RoleGrant>(TestService::Person("acorn", "second", type::v1::ROLE_ADMINISTRATOR),
                                                          people + "ConfirmRoleGrant", confirm)
                                     .status()));
  // No role of the suite itself can be given to a person.
  create.mutable_role_grant()->set_role(type::v1::ROLE_OPERATOR);
  EXPECT_TRUE(
      absl::IsInvalidArgument(trust_->service().Call<v1::RoleGrant>(administrator, people + "CreateRoleGrant", create).status()));
}

// Every method of every service that leadership serves has a policy whose scope field exists, and every field of every stored
// message says how sensitive it is.
TEST_F(PermissionsTest, EveryMethodAndStoredFieldHasItsPolicy) {
  int methods = 0;
  std::vector<std::string> services = LeadershipSpec().services;
  services.insert(services.end(),
                  {"fivestrand.events.v1.EventFeed", "fivestrand.events.v1.ChangeService", "fivestrand.audit.v1.AuditService"});
  for (const std::string& name : services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i, ++methods) {
      const auto* method = service->method(i);
      ASSERT_TRUE(method->options().HasExtension(options::v1::policy)) << method->full_name();
      const auto& policy = method->options().GetExtension(options::v1::policy);
      if (policy.access() == options::v1::MethodPolicy::SERVICE) continue;
      EXPECT_FALSE(policy.scope().empty()) << method->full_name();
      EXPECT_EQ(policy.access() == options::v1::MethodPolicy::MEMBER, policy.permission().empty()) << method->full_name();
      const auto* type = method->input_type();
      std::string_view rest = policy.scope();
      while (!rest.empty()) {
        const size_t dot = rest.find('.');
        const auto* field = type->FindFieldByName(std::string(rest.substr(0, dot)));
        ASSERT_NE(field, nullptr) << method->full_name() << " scope " << policy.scope();
        type = field->message_type();
        rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
      }
    }
  }
  EXPECT_GT(methods, 80);
  int fields = 0;
  for (const auto& entry : trust_->service().registry().entries()) {
    std::vector<const google::protobuf::Descriptor*> open = {entry->declaration->descriptor};
    while (!open.empty()) {
      const auto* message = open.back();
      open.pop_back();
      for (int i = 0; i < message->field_count(); ++i, ++fields) {
        EXPECT_NE(message->field(i)->options().GetExtension(options::v1::field).sensitivity(), options::v1::SENSITIVITY_UNSPECIFIED)
            << message->field(i)->full_name();
        const auto* child = message->field(i)->message_type();
        if (child != nullptr && child->file()->package() == message->file()->package()) open.push_back(child);
      }
    }
  }
  EXPECT_GT(fields, 150);
}

}  // namespace
}  // namespace fivestrand::leadership
