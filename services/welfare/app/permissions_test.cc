// The access table of the welfare service, role by role, through the server.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/audit/v1/audit.pb.h"
#include "fivestrand/options/v1/options.pb.h"

#include "platform/resource/registry.h"
#include "services/welfare/app/test_trust.h"
#include "services/welfare/app/welfare_spec.h"

namespace fivestrand::welfare {
namespace {

using testing::EngineKind;
using type::v1::Role;

class PermissionsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { trust_ = new TestTrust(EngineKind::kSqlite); }
  static void TearDownTestSuite() {
    delete trust_;
    trust_ = nullptr;
  }
  static TestTrust* trust_;

  // Everybody who can call at all, each with a role that reaches the whole trust or Northgate.
  static std::vector<std::pair<Role, identity::Caller>> Everybody() {
    std::vector<std::pair<Role, identity::Caller>> callers;
    for (int number = type::v1::Role_MIN; number <= type::v1::Role_MAX; ++number) {
      if (!type::v1::Role_IsValid(number) || number == 0) continue;
      const Role role = static_cast<Role>(number);
      if (role == type::v1::ROLE_SERVICE) {
        callers.emplace_back(role, testing::TestService::Process());
      } else if (role == type::v1::ROLE_OPERATOR) {
        callers.emplace_back(role, testing::TestService::Operator());
      } else {
        const bool of_school = role >= type::v1::ROLE_HEADTEACHER && role <= type::v1::ROLE_SUPPORT_STAFF;
        callers.emplace_back(
            role, TestTrust::As("n13", role, of_school ? std::vector<std::string>{"northgate"} : std::vector<std::string>{}));
      }
    }
    return callers;
  }

  // Who is let in: everybody who is not refused by the table.
  template <typename Request, typename Response>
  void ExpectAllowed(const std::string& method, const Request& request, const std::set<Role>& allowed) {
    for (const auto& [role, caller] : Everybody()) {
      const absl::Status status = trust_->Call<Response>(caller, method, request).status();
      EXPECT_EQ(!absl::IsPermissionDenied(status), allowed.contains(role))
          << method << " " << type::v1::Role_Name(role) << " " << status;
    }
  }
};
TestTrust* PermissionsTest::trust_ = nullptr;

const std::set<Role> kStaff = {type::v1::ROLE_CEO,           type::v1::ROLE_EXECUTIVE_HEADTEACHER,
                               type::v1::ROLE_HR_DIRECTOR,   type::v1::ROLE_DATA_LEAD,
                               type::v1::ROLE_SEND_LEAD,     type::v1::ROLE_CPD_LEAD,
                               type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_DATA_PROTECTION_OFFICER,
                               type::v1::ROLE_HEADTEACHER,   type::v1::ROLE_SENIOR_LEADER,
                               type::v1::ROLE_MIDDLE_LEADER, type::v1::ROLE_TEACHER,
                               type::v1::ROLE_SENDCO,        type::v1::ROLE_SUPPORT_STAFF,
                               type::v1::ROLE_COACH};

TEST_F(PermissionsTest, WhoIsNamedReadsWhateverTheirRole) {
  const std::string name = trust_->HoldCheckIn("n13", 1, "note", "agreed").name();
  v1::GetCheckInRequest get;
  get.set_name(name);
  // n13 in each of the roles: named by the record, so read by staff, and never by the board, an application or the suite itself.
  ExpectAllowed<v1::GetCheckInRequest, v1::CheckIn>(absl::StrCat(kWelfare, "GetCheckIn"), get, kStaff);
  get.set_name(trust_->HoldCheckIn("n12", 1, "note").name());
  ExpectAllowed<v1::GetCheckInRequest, v1::CheckIn>(absl::StrCat(kWelfare, "GetCheckIn"), get, {});
}

TEST_F(PermissionsTest, WhoReadItIsToldToThePersonWhateverTheirRoleAndToNobodyByRole) {
  audit::v1::ListRecordReadsRequest reads;
  reads.set_name(trust_->HoldCheckIn("n13", 1, "note", "agreed").name());
  const std::string method = "fivestrand.audit.v1.AuditService.ListRecordReads";
  ExpectAllowed<audit::v1::ListRecordReadsRequest, audit::v1::ListRecordReadsResponse>(method, reads, kStaff);
  for (const auto& [role, caller] : Everybody()) {
    EXPECT_EQ(trust_->Call<audit::v1::ListRecordReadsResponse>(caller, method, reads).ok(), kStaff.contains(role));
  }
  reads.set_name(trust_->HoldCheckIn("n12", 1, "note").name());
  for (const auto& [role, caller] : Everybody()) {
    const absl::Status status = trust_->Call<audit::v1::ListRecordReadsResponse>(caller, method, reads).status();
    EXPECT_EQ(status.code(), kStaff.contains(role) ? absl::StatusCode::kNotFound : absl::StatusCode::kPermissionDenied)
        << type::v1::Role_Name(role) << status;
  }
}

TEST_F(PermissionsTest, ListsAnswerStaffAndNobodyElse) {
  v1::ListWelfareConcernsRequest concerns;
  concerns.set_parent(kTrust);
  ExpectAllowed<v1::ListWelfareConcernsRequest, v1::ListWelfareConcernsResponse>(absl::StrCat(kWelfare, "ListWelfareConcerns"),
                                                                                 concerns, kStaff);
  v1::ListSupportsRequest supports;
  supports.set_parent(kTrust);
  ExpectAllowed<v1::ListSupportsRequest, v1::ListSupportsResponse>(absl::StrCat(kWelfare, "ListSupports"), supports, kStaff);
  concerns.set_parent("trusts/other");
  ExpectAllowed<v1::ListWelfareConcernsRequest, v1::ListWelfareConcernsResponse>(absl::StrCat(kWelfare, "ListWelfareConcerns"),
                                                                                 concerns, {});
}

TEST_F(PermissionsTest, OnlyTheHrDirectorPlansAndSupports) {
  v1::CreateCheckInRequest check_in;
  check_in.set_parent(kTrust);
  check_in.set_validate_only(true);
  check_in.mutable_check_in()->set_person(TestTrust::Name("n2"));
  trust_->SetTime(3, check_in.mutable_check_in()->mutable_planned_time());
  ExpectAllowed<v1::CreateCheckInRequest, v1::CheckIn>(absl::StrCat(kWelfare, "CreateCheckIn"), check_in,
                                                       {type::v1::ROLE_HR_DIRECTOR});
  v1::CreateSupportRequest support;
  support.set_parent(kTrust);
  support.set_validate_only(true);
  support.mutable_support()->set_person(TestTrust::Name("n2"));
  *support.mutable_support()->mutable_start_date() = trust_->Day(0);
  ExpectAllowed<v1::CreateSupportRequest, v1::Support>(absl::StrCat(kWelfare, "CreateSupport"), support,
                                                       {type::v1::ROLE_HR_DIRECTOR});
  v1::CreateWelfareConcernRequest concern;
  concern.set_parent(kTrust);
  concern.set_validate_only(true);
  concern.mutable_welfare_concern()->set_person(TestTrust::Name("n2"));
  concern.mutable_welfare_concern()->set_text("worried");
  ExpectAllowed<v1::CreateWelfareConcernRequest, v1::WelfareConcern>(absl::StrCat(kWelfare, "CreateWelfareConcern"), concern,
                                                                     {type::v1::ROLE_HR_DIRECTOR});
}

TEST_F(PermissionsTest, TheGlassIsBrokenByHrDirectorAndDataProtectionOfficer) {
  v1::BreakGlassRequest request;
  request.set_parent(kTrust);
  request.set_person(TestTrust::Name("n3"));
  request.set_reason("a life is at risk, says the hospital");
  ExpectAllowed<v1::BreakGlassRequest, v1::BreakGlassResponse>(
      absl::StrCat(kWelfare, "BreakGlass"), request, {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_DATA_PROTECTION_OFFICER});
}

TEST_F(PermissionsTest, PulsesAreAskedByFewAnsweredByStaffAndReadByStaffAndDirectors) {
  v1::CreatePulseSurveyRequest create;
  create.set_parent(kTrust);
  create.set_validate_only(true);
  create.mutable_pulse_survey()->set_title("pulse");
  trust_->SetTime(1, create.mutable_pulse_survey()->mutable_open_time());
  trust_->SetTime(9, create.mutable_pulse_survey()->mutable_close_time());
  ExpectAllowed<v1::CreatePulseSurveyRequest, v1::PulseSurvey>(
      absl::StrCat(kPulse, "CreatePulseSurvey"), create, {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_OPERATOR});
  const std::string survey = trust_->OpenSurvey().name();
  v1::AnswerPulseRequest answer;
  answer.set_name(survey);
  auto* rating = answer.add_ratings();
  rating->set_question("c1");
  rating->set_value(3);
  ExpectAllowed<v1::AnswerPulseRequest, v1::AnswerPulseResponse>(absl::StrCat(kPulse, "AnswerPulse"), answer, kStaff);
  v1::ReadPulseResultsRequest read;
  read.set_name(survey);
  std::set<Role> readers = kStaff;
  readers.insert(type::v1::ROLE_DIRECTOR);
  ExpectAllowed<v1::ReadPulseResultsRequest, v1::PulseResults>(absl::StrCat(kPulse, "ReadPulseResults"), read, readers);
}

// Every method has a policy, and every stored field says how sensitive it is.
TEST_F(PermissionsTest, EveryMethodAndStoredFieldHasItsPolicy) {
  for (const std::string& name : WelfareSpec().services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& policy = service->method(i)->options().GetExtension(options::v1::policy);
      EXPECT_FALSE(policy.permission().empty()) << service->method(i)->full_name();
      EXPECT_FALSE(policy.scope().empty()) << service->method(i)->full_name();
    }
  }
  int fields = 0;
  for (const auto& entry : trust_->service().registry().entries()) {
    if (entry->mirror) continue;
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
  EXPECT_GT(fields, 80);
}

}  // namespace
}  // namespace fivestrand::welfare
