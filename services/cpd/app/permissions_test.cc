// Role by role: who may call what, against the table of the trust's policy (docs/reference/access.md). What concerns coaching is in
// coaching_test.cc.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/audit/v1/audit.pb.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "services/cpd/app/test_cpd.h"

namespace fivestrand::cpd {
namespace {

using testing::EngineKind;
using type::v1::Role;

std::vector<Role> AllRoles() {
  std::vector<Role> roles;
  for (int number = type::v1::Role_MIN; number <= type::v1::Role_MAX; ++number) {
    if (!type::v1::Role_IsValid(number) || number == type::v1::ROLE_UNSPECIFIED) continue;
    // Never a person's.
    if (number == type::v1::ROLE_SERVICE || number == type::v1::ROLE_OPERATOR) continue;
    roles.push_back(static_cast<Role>(number));
  }
  return roles;
}

// Whoever is on the trust's staff, in whatever post.
bool OfStaff(Role role) {
  return role != type::v1::ROLE_EXTERNAL_CONSULTANT && role != type::v1::ROLE_APPLICATION;
}

// Sets up once; every test writes what no other looks at.
class PermissionsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cpd_ = new TestCpd(EngineKind::kSqlite); }
  static void TearDownTestSuite() {
    delete cpd_;
    cpd_ = nullptr;
  }
  static TestCpd* cpd_;

  // `manager` has a name of their own and no record here.
  static identity::Caller As(Role role) { return TestCpd::As("manager", role, {"northgate"}); }
  template <typename Response>
  static bool May(const identity::Caller& caller, const char* method, const google::protobuf::Message& request) {
    const absl::Status status = cpd_->Call<Response>(caller, absl::StrCat(kLearning, method), request).status();
    EXPECT_FALSE(absl::IsInternal(status)) << method << " " << status << " " << cpd_->service().log();
    return !absl::IsPermissionDenied(status);
  }
};
TestCpd* PermissionsTest::cpd_ = nullptr;

TEST_F(PermissionsTest, TheCatalogueIsReadByAllAndWrittenByTheCpdLead) {
  v1::ListCoursesRequest list;
  list.set_parent("trusts/acorn");
  v1::CreateCourseRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_course()->set_title("Maths");
  create.mutable_course()->set_kind(v1::Course::NETWORK);
  create.set_validate_only(true);
  for (const Role role : AllRoles()) {
    EXPECT_EQ(May<v1::ListCoursesResponse>(As(role), "ListCourses", list), OfStaff(role)) << type::v1::Role_Name(role);
    EXPECT_FALSE(May<v1::Course>(As(role), "CreateCourse", create)) << type::v1::Role_Name(role);
    EXPECT_EQ(May<v1::Course>(TestCpd::As("manager", role), "CreateCourse", create), role == type::v1::ROLE_CPD_LEAD)
        << type::v1::Role_Name(role);
  }
  EXPECT_FALSE(
      May<v1::ListCoursesResponse>(testing::TestService::Person("other", "lead", type::v1::ROLE_CPD_LEAD), "ListCourses", list));
}

TEST_F(PermissionsTest, ASchoolsCpdLeadRunsThatSchoolsEvents) {
  v1::CreateCpdEventRequest create;
  create.set_parent("trusts/acorn");
  *create.mutable_cpd_event() = cpd_->MakeEvent(3);
  create.mutable_cpd_event()->clear_name();
  create.set_validate_only(true);
  const identity::Caller own = TestCpd::As("manager", type::v1::ROLE_CPD_LEAD, {"northgate"});
  EXPECT_FALSE(May<v1::CpdEvent>(own, "CreateCpdEvent", create)) << "the trust's";
  create.mutable_cpd_event()->set_school("trusts/acorn/schools/elmwood");
  EXPECT_FALSE(May<v1::CpdEvent>(own, "CreateCpdEvent", create)) << "another school's";
  create.mutable_cpd_event()->set_school("trusts/acorn/schools/northgate");
  EXPECT_TRUE(May<v1::CpdEvent>(own, "CreateCpdEvent", create));
  for (const Role role : AllRoles()) {
    EXPECT_EQ(May<v1::CpdEvent>(As(role), "CreateCpdEvent", create), role == type::v1::ROLE_CPD_LEAD) << type::v1::Role_Name(role);
  }
}

TEST_F(PermissionsTest, BookingsAreReadByOneselfAndTheCpdLead) {
  const v1::CpdEvent event = cpd_->MakeEvent(3);
  auto booking = cpd_->Book(event.name(), TestCpd::Teacher("teacher"));
  ASSERT_TRUE(booking.ok()) << booking.status();
  v1::GetBookingRequest get;
  get.set_name(booking->name());
  v1::ListBookingsRequest list;
  list.set_parent("trusts/acorn");
  for (const Role role : AllRoles()) {
    const bool lead = role == type::v1::ROLE_CPD_LEAD;
    EXPECT_EQ(May<v1::Booking>(As(role), "GetBooking", get), lead) << type::v1::Role_Name(role);
    auto listed = cpd_->Call<v1::ListBookingsResponse>(As(role), absl::StrCat(kLearning, "ListBookings"), list);
    if (listed.ok()) {
      EXPECT_EQ(listed->bookings_size() > 0, lead) << type::v1::Role_Name(role);
    } else {
      EXPECT_FALSE(OfStaff(role)) << listed.status();
    }
  }
  EXPECT_TRUE(May<v1::Booking>(TestCpd::Teacher("teacher"), "GetBooking", get));
  EXPECT_FALSE(May<v1::Booking>(TestCpd::As("manager", type::v1::ROLE_CPD_LEAD, {"elmwood"}), "GetBooking", get))
      << "of another school";
}

TEST_F(PermissionsTest, TheRegisterIsKeptByTheEventsLeaderAndTheCpdLead) {
  v1::CpdEvent event = cpd_->MakeEvent(3);
  v1::UpdateCpdEventRequest name_leader;
  name_leader.mutable_cpd_event()->set_name(event.name());
  name_leader.mutable_cpd_event()->set_leader(TestCpd::PersonName("coach"));
  ASSERT_TRUE(cpd_->Call<v1::CpdEvent>(TestCpd::Lead(), absl::StrCat(kLearning, "UpdateCpdEvent"), name_leader).ok());
  v1::ReadRegisterRequest read;
  read.set_event(event.name());
  EXPECT_TRUE(May<v1::EventRegister>(TestCpd::Teacher("coach"), "ReadRegister", read));
  EXPECT_TRUE(May<v1::EventRegister>(TestCpd::Lead(), "ReadRegister", read));
  for (const Role role : AllRoles())
    EXPECT_FALSE(May<v1::EventRegister>(As(role), "ReadRegister", read)) << type::v1::Role_Name(role);
  v1::UpdateCpdEventRequest more;
  more.mutable_cpd_event()->set_name(event.name());
  more.mutable_cpd_event()->set_seats(9);
  EXPECT_FALSE(May<v1::CpdEvent>(TestCpd::Teacher("coach"), "UpdateCpdEvent", more)) << "leading is not planning";
}

TEST_F(PermissionsTest, NobodyBooksForAnotherButTheCpdLead) {
  const v1::CpdEvent event = cpd_->MakeEvent(3);
  v1::CreateBookingRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_booking()->set_event(event.name());
  create.mutable_booking()->set_person(TestCpd::PersonName("teacher"));
  create.set_validate_only(true);
  for (const Role role : AllRoles()) {
    EXPECT_EQ(May<v1::Booking>(As(role), "CreateBooking", create), role == type::v1::ROLE_CPD_LEAD) << type::v1::Role_Name(role);
  }
  EXPECT_FALSE(May<v1::Booking>(TestCpd::As("manager", type::v1::ROLE_CPD_LEAD, {"elmwood"}), "CreateBooking", create))
      << "the person is of another school";
}

TEST_F(PermissionsTest, FiguresAndTheTrail) {
  evidence::v1::SummariseEvidenceRequest summarise;
  summarise.set_parent("trusts/acorn/schools/northgate");
  const std::string method = "fivestrand.evidence.v1.EvidenceService.SummariseEvidence";
  for (const Role role : {type::v1::ROLE_DIRECTOR, type::v1::ROLE_CEO, type::v1::ROLE_HEADTEACHER, type::v1::ROLE_TEACHER}) {
    EXPECT_TRUE(cpd_->Call<evidence::v1::SummariseEvidenceResponse>(As(role), method, summarise).ok()) << type::v1::Role_Name(role);
  }
  audit::v1::ListAuditEntriesRequest trail;
  trail.set_parent("trusts/acorn");
  for (const Role role : AllRoles()) {
    const absl::Status status =
        cpd_->Call<audit::v1::ListAuditEntriesResponse>(As(role), "fivestrand.audit.v1.AuditService.ListAuditEntries", trail)
            .status();
    EXPECT_EQ(status.ok(), role == type::v1::ROLE_ADMINISTRATOR || role == type::v1::ROLE_DATA_PROTECTION_OFFICER)
        << type::v1::Role_Name(role) << status;
  }
}

}  // namespace
}  // namespace fivestrand::cpd
