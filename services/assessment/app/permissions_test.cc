// Role by role: who may see and write which pupil, fact and result, against the table of the trust's policy
// (docs/reference/access.md).
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/options/v1/options.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/resource/registry.h"
#include "services/assessment/app/assessment_spec.h"
#include "services/assessment/app/test_trust.h"

namespace fivestrand::assessment {
namespace {

using identity::Caller;
using testing::EngineKind;
using testing::TestService;
using type::v1::Role;

constexpr char kPupils[] = "fivestrand.assessment.v1.PupilService.";

// Set up once; every test only reads, or writes what no other looks at.
class PermissionsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    trust_ = new TestTrust(EngineKind::kSqlite);
    trust_->AddPupil("maple", 1, "northgate", "5-maple");
    trust_->AddPupil("elm", 2, "elmwood", "5-elm");
    for (const auto& [group, detail] :
         std::vector<std::pair<v1::GroupMembership::Group, const char*>>{{v1::GroupMembership::SEN_SUPPORT, "SLCN"},
                                                                         {v1::GroupMembership::FREE_SCHOOL_MEALS, ""},
                                                                         {v1::GroupMembership::ETHNICITY, "WBRI"}}) {
      v1::CreateGroupMembershipRequest create;
      create.set_parent(TestTrust::Pupil("maple"));
      create.mutable_group_membership()->set_group(group);
      create.mutable_group_membership()->set_detail(detail);
      *create.mutable_group_membership()->mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 9, 1));
      memberships_.push_back(trust_->Must<v1::GroupMembership>(absl::StrCat(kPupils, "CreateGroupMembership"), create).name());
    }
    ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"maple", "EXS"}}).ok());
    ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"maple", "104"}}, "5-maple", "reading").ok());
  }
  static void TearDownTestSuite() {
    delete trust_;
    trust_ = nullptr;
    memberships_.clear();
  }
  static TestTrust* trust_;
  static std::vector<std::string> memberships_;

  static Caller As(Role role, std::vector<std::string> schools = {"northgate"}, const std::string& person = "somebody") {
    return TestTrust::As(role, std::move(schools), person);
  }
  static Caller Leader(std::vector<std::string> subjects, std::vector<std::int32_t> years) {
    Caller caller = As(type::v1::ROLE_MIDDLE_LEADER);
    caller.grants[0].subjects = std::move(subjects);
    caller.grants[0].year_groups = std::move(years);
    return caller;
  }
  static bool Allowed(const absl::Status& status) {
    EXPECT_FALSE(absl::IsInternal(status)) << status << trust_->service().log();
    return !absl::IsPermissionDenied(status);
  }
  static absl::StatusOr<v1::PupilOverview> Overview(const Caller& caller, const std::string& pupil = "maple") {
    v1::ReadPupilOverviewRequest read;
    read.set_name(TestTrust::Pupil(pupil));
    return trust_->service().Call<v1::PupilOverview>(caller, absl::StrCat(kPupils, "ReadPupilOverview"), read);
  }
  static absl::StatusOr<v1::ListPupilResultsResponse> Results(const Caller& caller) {
    v1::ListPupilResultsRequest list;
    list.set_parent(TestTrust::Pupil("maple"));
    return trust_->service().Call<v1::ListPupilResultsResponse>(caller, "fivestrand.assessment.v1.ResultService.ListPupilResults",
                                                                list);
  }
};
TestTrust* PermissionsTest::trust_ = nullptr;
std::vector<std::string> PermissionsTest::memberships_;

TEST_F(PermissionsTest, PupilsAreSeenByThoseOfTheirSchoolAndTheTrustsOwn) {
  const std::map<Role, bool> may = {
      {type::v1::ROLE_HEADTEACHER, true},           {type::v1::ROLE_SENIOR_LEADER, true},        {type::v1::ROLE_SENDCO, true},
      {type::v1::ROLE_EXECUTIVE_HEADTEACHER, true}, {type::v1::ROLE_MIDDLE_LEADER, false},       {type::v1::ROLE_TEACHER, false},
      {type::v1::ROLE_SUPPORT_STAFF, false},        {type::v1::ROLE_EXTERNAL_CONSULTANT, false}, {type::v1::ROLE_COACH, false}};
  v1::GetPupilRequest get;
  get.set_name(TestTrust::Pupil("maple"));
  v1::ListPupilsRequest list;
  list.set_parent("trusts/acorn");
  for (const auto& [role, expected] : may) {
    const std::string name = type::v1::Role_Name(role);
    EXPECT_EQ(Allowed(trust_->service().Call<v1::Pupil>(As(role), absl::StrCat(kPupils, "GetPupil"), get).status()), expected)
        << name;
    const auto listed = trust_->service().Call<v1::ListPupilsResponse>(As(role), absl::StrCat(kPupils, "ListPupils"), list);
    EXPECT_EQ(Allowed(listed.status()), expected) << name;
    if (listed.ok()) {
      EXPECT_EQ(listed->pupils_size(), 1) << name << ": only the own school's";
    }
    EXPECT_FALSE(Allowed(trust_->service().Call<v1::Pupil>(As(role, {"elmwood"}), absl::StrCat(kPupils, "GetPupil"), get).status()))
        << name << " of another school";
  }
  for (const Role role : {type::v1::ROLE_CEO, type::v1::ROLE_DATA_LEAD, type::v1::ROLE_SEND_LEAD}) {
    const auto listed = trust_->service().Call<v1::ListPupilsResponse>(As(role, {}), absl::StrCat(kPupils, "ListPupils"), list);
    ASSERT_TRUE(listed.ok()) << type::v1::Role_Name(role) << listed.status();
    EXPECT_EQ(listed->pupils_size(), 2);
  }
  for (const Role role : {type::v1::ROLE_DIRECTOR, type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_CPD_LEAD,
                          type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_DATA_PROTECTION_OFFICER}) {
    EXPECT_FALSE(
        Allowed(trust_->service().Call<v1::ListPupilsResponse>(As(role, {}), absl::StrCat(kPupils, "ListPupils"), list).status()))
        << type::v1::Role_Name(role);
  }
  EXPECT_FALSE(
      Allowed(trust_->service()
                  .Call<v1::Pupil>(TestService::Person("other", "x", type::v1::ROLE_CEO), absl::StrCat(kPupils, "GetPupil"), get)
                  .status()));
}

TEST_F(PermissionsTest, WhatExistsIsNotGivenAway) {
  const absl::Status missing = Overview(As(type::v1::ROLE_HEADTEACHER), "nobody").status();
  const absl::Status elsewhere = Overview(As(type::v1::ROLE_HEADTEACHER), "elm").status();
  EXPECT_TRUE(absl::IsPermissionDenied(missing)) << missing;
  EXPECT_EQ(missing.message(), elsewhere.message());
  EXPECT_TRUE(absl::IsNotFound(Overview(TestTrust::DataLead(), "nobody").status()));
}

TEST_F(PermissionsTest, ATeacherSeesThePupilsTaughtAndWhatIsNeeded) {
  const auto own = Overview(TestTrust::Teacher());
  ASSERT_TRUE(own.ok()) << own.status();
  ASSERT_EQ(own->group_memberships_size(), 1) << "special needs, not meals or ethnicity";
  EXPECT_EQ(own->group_memberships(0).group(), v1::GroupMembership::SEN_SUPPORT);
  EXPECT_FALSE(own->all_groups());
  EXPECT_FALSE(Allowed(Overview(As(type::v1::ROLE_TEACHER, {"northgate"}, "other")).status())) << "teaches another class";
  EXPECT_FALSE(Allowed(Overview(TestTrust::Teacher(), "elm").status()));
}

TEST_F(PermissionsTest, SpecialCategoryFactsAreForThoseWhoNeedToKnow) {
  const std::map<Role, int> seen = {{type::v1::ROLE_HEADTEACHER, 3},
                                    {type::v1::ROLE_SENDCO, 3},
                                    {type::v1::ROLE_SENIOR_LEADER, 0},
                                    {type::v1::ROLE_EXECUTIVE_HEADTEACHER, 0}};
  v1::GetGroupMembershipRequest get;
  get.set_name(memberships_[2]);
  const auto may = [&](const Caller& caller) {
    return Allowed(trust_->service().Call<v1::GroupMembership>(caller, absl::StrCat(kPupils, "GetGroupMembership"), get).status());
  };
  for (const auto& [role, count] : seen) {
    const auto overview = Overview(As(role));
    ASSERT_TRUE(overview.ok()) << type::v1::Role_Name(role) << overview.status();
    EXPECT_EQ(overview->group_memberships_size(), count) << type::v1::Role_Name(role);
    EXPECT_EQ(may(As(role)), count > 0) << type::v1::Role_Name(role);
  }
  EXPECT_EQ(Overview(As(type::v1::ROLE_SEND_LEAD, {}))->group_memberships_size(), 3);
  EXPECT_EQ(Overview(As(type::v1::ROLE_DATA_LEAD, {}))->group_memberships_size(), 3);
  EXPECT_EQ(Overview(As(type::v1::ROLE_CEO, {}))->group_memberships_size(), 0);
  EXPECT_FALSE(may(TestTrust::Teacher()));
  EXPECT_FALSE(may(As(type::v1::ROLE_SENDCO, {"elmwood"})));
}

TEST_F(PermissionsTest, AMiddleLeaderReadsTheOwnSubjectOrYear) {
  const auto maths = Results(Leader({"maths"}, {}));
  ASSERT_TRUE(maths.ok()) << maths.status();
  ASSERT_EQ(maths->results_size(), 1);
  EXPECT_EQ(maths->results(0).subject(), TestTrust::Subject("maths"));
  EXPECT_EQ(Results(Leader({}, {type::v1::YEAR_GROUP_5}))->results_size(), 2);
  EXPECT_FALSE(Allowed(Results(Leader({}, {type::v1::YEAR_GROUP_6})).status()));
  EXPECT_TRUE(trust_->ReadGrid(Leader({"maths"}, {})).ok());
  EXPECT_FALSE(Allowed(trust_->ReadGrid(Leader({"reading"}, {})).status()));
  EXPECT_FALSE(trust_->ReadGrid(Leader({"maths"}, {}))->writable());
}

TEST_F(PermissionsTest, ResultsAreReadAsPupilsAndWrittenByTheClassTeacherAndTheDataLead) {
  for (const Role role :
       {type::v1::ROLE_HEADTEACHER, type::v1::ROLE_SENIOR_LEADER, type::v1::ROLE_SENDCO, type::v1::ROLE_EXECUTIVE_HEADTEACHER}) {
    EXPECT_EQ(Results(As(role))->results_size(), 2) << type::v1::Role_Name(role);
    ASSERT_TRUE(trust_->ReadGrid(As(role)).ok()) << type::v1::Role_Name(role);
    EXPECT_FALSE(trust_->ReadGrid(As(role))->writable()) << "does not teach it";
    EXPECT_FALSE(Allowed(trust_->Write(As(role), {{"maple", "WTS", 1}}).status())) << type::v1::Role_Name(role);
  }
  for (const Role role :
       {type::v1::ROLE_DIRECTOR, type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_COACH}) {
    EXPECT_FALSE(Allowed(Results(As(role, {})).status())) << type::v1::Role_Name(role);
    EXPECT_FALSE(Allowed(trust_->ReadGrid(As(role, {})).status())) << type::v1::Role_Name(role);
  }
  EXPECT_FALSE(Allowed(Results(As(type::v1::ROLE_EXTERNAL_CONSULTANT)).status()));
  // A headteacher who teaches the class is its teacher.
  EXPECT_TRUE(trust_->ReadGrid(As(type::v1::ROLE_HEADTEACHER, {"northgate"}, "teacher"))->writable());
  EXPECT_FALSE(Allowed(trust_->Write(As(type::v1::ROLE_TEACHER, {"northgate"}, "other"), {{"maple", "WTS", 1}}).status()));
  EXPECT_TRUE(Allowed(trust_->Write(TestTrust::DataLead(), {{"maple", "EXS", 1}}).status()));
}

TEST_F(PermissionsTest, FilesAreTheDataLeads) {
  for (const Role role : {type::v1::ROLE_CEO, type::v1::ROLE_HEADTEACHER, type::v1::ROLE_TEACHER, type::v1::ROLE_SENDCO,
                          type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_SEND_LEAD}) {
    v1::ImportHeader header = TestTrust::Header(v1::RESULTS, v1::ColumnMapping::LONG);
    EXPECT_FALSE(Allowed(trust_->Import(As(role, {}), header, "UPN,Subject,Grade\n").status())) << type::v1::Role_Name(role);
  }
  EXPECT_TRUE(
      trust_->Import(TestTrust::DataLead(), TestTrust::Header(v1::RESULTS, v1::ColumnMapping::LONG), "UPN,Subject,Grade\n").ok());
}

TEST_F(PermissionsTest, ASendcoKeepsFactsOfNeedInTheOwnSchool) {
  v1::CreateGroupMembershipRequest create;
  create.mutable_group_membership()->set_group(v1::GroupMembership::EHCP);
  *create.mutable_group_membership()->mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 9, 1));
  create.set_validate_only(true);
  const auto may = [&](const Caller& caller, const char* pupil) {
    create.set_parent(TestTrust::Pupil(pupil));
    return Allowed(
        trust_->service().Call<v1::GroupMembership>(caller, absl::StrCat(kPupils, "CreateGroupMembership"), create).status());
  };
  EXPECT_TRUE(may(As(type::v1::ROLE_SENDCO), "maple"));
  EXPECT_FALSE(may(As(type::v1::ROLE_SENDCO), "elm"));
  EXPECT_TRUE(may(As(type::v1::ROLE_SEND_LEAD, {}), "elm"));
  EXPECT_FALSE(may(As(type::v1::ROLE_HEADTEACHER), "maple"));
  EXPECT_FALSE(may(TestTrust::Teacher(), "maple"));
}

TEST_F(PermissionsTest, OtherGroupsAreTheDataLeads) {
  Caller both = As(type::v1::ROLE_SENDCO);
  both.grants.push_back({.role = type::v1::ROLE_DATA_LEAD});
  const Caller sendco = As(type::v1::ROLE_SENDCO), lead = As(type::v1::ROLE_SEND_LEAD, {});
  const auto call = [&](const Caller& caller, const char* method, const google::protobuf::Message& request) {
    return Allowed(trust_->service().Call<v1::GroupMembership>(caller, absl::StrCat(kPupils, method), request).status());
  };
  v1::CreateGroupMembershipRequest create;
  create.set_parent(TestTrust::Pupil("maple"));
  create.mutable_group_membership()->set_group(v1::GroupMembership::YOUNG_CARER);
  *create.mutable_group_membership()->mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 9, 1));
  create.set_validate_only(true);
  EXPECT_FALSE(call(sendco, "CreateGroupMembership", create));
  EXPECT_FALSE(call(lead, "CreateGroupMembership", create));
  EXPECT_TRUE(call(TestTrust::DataLead(), "CreateGroupMembership", create));
  EXPECT_TRUE(call(both, "CreateGroupMembership", create));

  // Of what is there: support for special needs, free meals.
  for (const auto& [membership, is_need] : {std::pair{memberships_[0], true}, std::pair{memberships_[1], false}}) {
    v1::UpdateGroupMembershipRequest update;
    update.mutable_group_membership()->set_name(membership);
    *update.mutable_group_membership()->mutable_end_date() = calendar::ToProto(absl::CivilDay(2026, 12, 18));
    update.mutable_update_mask()->add_paths("end_date");
    update.set_validate_only(true);
    EXPECT_EQ(call(sendco, "UpdateGroupMembership", update), is_need);
    EXPECT_TRUE(call(TestTrust::DataLead(), "UpdateGroupMembership", update));
    // Nor does it become one that is theirs.
    update.mutable_group_membership()->set_group(v1::GroupMembership::EHCP);
    update.mutable_update_mask()->add_paths("group");
    EXPECT_EQ(call(sendco, "UpdateGroupMembership", update), is_need);
    v1::DeleteGroupMembershipRequest remove;
    remove.set_name(membership);
    remove.set_validate_only(true);
    EXPECT_EQ(call(sendco, "DeleteGroupMembership", remove), is_need);
    EXPECT_TRUE(call(TestTrust::DataLead(), "DeleteGroupMembership", remove));
  }
}

TEST_F(PermissionsTest, NoGroupIsInListsEventsOrTheStoreInClear) {
  EXPECT_TRUE(trust_->service()
                  .store()
                  .Read(absl::InfiniteFuture(),
                        [](fivestrand::store::Session& session) {
                          return session.Query("SELECT record FROM outbox WHERE resource_type = 'fivestrand/GroupMembership'", {},
                                               [](const fivestrand::store::Row& row) {
                                                 v1::GroupMembership membership;
                                                 EXPECT_TRUE(membership.ParseFromString(std::string(row.Blob(0))));
                                                 EXPECT_EQ(membership.group(), v1::GroupMembership::GROUP_UNSPECIFIED);
                                                 EXPECT_EQ(membership.detail(), "");
                                                 return absl::OkStatus();
                                               });
                        })
                  .ok());
}

TEST_F(PermissionsTest, EveryMethodAndStoredFieldHasItsPolicy) {
  int methods = 0, fields = 0;
  for (const std::string& name : AssessmentSpec().services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i, ++methods) {
      const auto* method = service->method(i);
      ASSERT_TRUE(method->options().HasExtension(options::v1::policy)) << method->full_name();
      EXPECT_FALSE(method->options().GetExtension(options::v1::policy).permission().empty()) << method->full_name();
      EXPECT_FALSE(method->options().GetExtension(options::v1::policy).scope().empty()) << method->full_name();
    }
  }
  EXPECT_GT(methods, 50);
  for (const auto& entry : trust_->service().registry().entries()) {
    const auto* message = entry->declaration->descriptor;
    for (int i = 0; i < message->field_count(); ++i, ++fields) {
      EXPECT_NE(message->field(i)->options().GetExtension(options::v1::field).sensitivity(), options::v1::SENSITIVITY_UNSPECIFIED)
          << message->field(i)->full_name();
    }
  }
  EXPECT_GT(fields, 100);
}

}  // namespace
}  // namespace fivestrand::assessment
