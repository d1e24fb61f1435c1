#include "platform/identity/access.h"

#include "fivestrand/type/v1/role.pb.h"
#include "fivestrand/type/v1/school.pb.h"
#include "gtest/gtest.h"

namespace fivestrand::identity {
namespace {

using namespace type::v1;  // NOLINT: the roles read better bare in the table below

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

const std::vector<std::string> kPermissions = {
    "leadership.dropIns.create", "leadership.dropIns.list", "leadership.people.list",
    "leadership.visits.create",  "evidence.measures.get",
};

constexpr AccessRule kRules[] = {
    {ROLE_CEO, "leadership.*", Reach::kSchool},
    {ROLE_HEADTEACHER, "leadership.dropIns.*", Reach::kSchool},
    {ROLE_HEADTEACHER, "leadership.people.list", Reach::kTrust},
    {ROLE_MIDDLE_LEADER, "leadership.dropIns.list", Reach::kSubjectOrYear},
    {ROLE_TEACHER, "leadership.dropIns.list", Reach::kOwn},
    {ROLE_TEACHER, "leadership.people.list", Reach::kTrust},
    {ROLE_SERVICE, "evidence.measures.get", Reach::kSchool},
};

class AccessTest : public ::testing::Test {
 protected:
  AccessTest() : table_(*AccessTable::Compile(kRules, kPermissions)) {}

  Access Ask(const Caller& caller, std::string_view permission, std::string_view name) {
    return table_.DecideFor(caller, permission, name, kNow);
  }

  static Caller Person(std::vector<Grant> grants) {
    return {.subject = "trusts/acorn/people/p", .trust = "acorn", .grants = std::move(grants), .expires = kNow + absl::Minutes(5)};
  }

  const AccessTable table_;
};

TEST_F(AccessTest, DeniesWhatNoRuleGrants) {
  const Caller teacher = Person({{.role = ROLE_TEACHER, .schools = {"oak"}}});
  EXPECT_FALSE(Ask(teacher, "leadership.dropIns.create", "trusts/acorn/schools/oak"));
  EXPECT_FALSE(Ask(teacher, "leadership.unknown.list", "trusts/acorn/schools/oak"));
  EXPECT_FALSE(Ask(teacher, "", "trusts/acorn/schools/oak"));
  EXPECT_FALSE(Ask(teacher, "leadership.*", "trusts/acorn/schools/oak"));
  EXPECT_FALSE(Ask(Person({}), "leadership.people.list", "trusts/acorn"));
}

TEST_F(AccessTest, TrustWideGrantReachesEverySchoolAndTheTrustLevel) {
  const Caller ceo = Person({{.role = ROLE_CEO}});
  for (const char* name :
       {"trusts/acorn", "trusts/acorn/schools/oak", "trusts/acorn/schools/-/dropIns/d", "trusts/acorn/people/p"}) {
    const Access access = Ask(ceo, "leadership.dropIns.list", name);
    EXPECT_TRUE(access) << name;
    EXPECT_TRUE(access.everything) << name;
  }
  EXPECT_FALSE(Ask(ceo, "evidence.measures.get", "trusts/acorn"));
}

TEST_F(AccessTest, SchoolGrantReachesItsSchoolsOnly) {
  const Caller head = Person({{.role = ROLE_HEADTEACHER, .schools = {"oak", "elm"}}});
  EXPECT_TRUE(Ask(head, "leadership.dropIns.create", "trusts/acorn/schools/oak").everything);
  EXPECT_TRUE(Ask(head, "leadership.dropIns.create", "trusts/acorn/schools/elm/dropIns/d").everything);
  EXPECT_FALSE(Ask(head, "leadership.dropIns.create", "trusts/acorn/schools/ash"));
  EXPECT_FALSE(Ask(head, "leadership.dropIns.create", "trusts/acorn/schools/oa"));
  EXPECT_FALSE(Ask(head, "leadership.dropIns.list", "trusts/acorn"));
}

TEST_F(AccessTest, ListOverAllSchoolsIsNarrowedToTheGrants) {
  const Caller head = Person({{.role = ROLE_HEADTEACHER, .schools = {"oak"}}, {.role = ROLE_HEADTEACHER, .schools = {"elm"}}});
  const Access access = Ask(head, "leadership.dropIns.list", "trusts/acorn/schools/-");
  ASSERT_TRUE(access);
  EXPECT_FALSE(access.everything);
  ASSERT_EQ(access.reached.size(), 2u);
  EXPECT_EQ(access.reached[0].grant->schools[0], "oak");
  EXPECT_TRUE(access.Includes({.school = "oak"}));
  EXPECT_TRUE(access.Includes({.school = "elm"}));
  EXPECT_FALSE(access.Includes({.school = "ash"}));
  EXPECT_FALSE(access.Includes({}));
}

TEST_F(AccessTest, TrustReachOpensTheTrustLevelToSchoolRoles) {
  const Caller head = Person({{.role = ROLE_HEADTEACHER, .schools = {"oak"}}});
  EXPECT_TRUE(Ask(head, "leadership.people.list", "trusts/acorn").everything);
  EXPECT_TRUE(Ask(head, "leadership.people.list", "trusts/acorn/schools/ash").everything);
}

TEST_F(AccessTest, SubjectAndYearLimitRows) {
  const Caller leader =
      Person({{.role = ROLE_MIDDLE_LEADER, .schools = {"oak"}, .year_groups = {YEAR_GROUP_9}, .subjects = {"maths"}}});
  const Access access = Ask(leader, "leadership.dropIns.list", "trusts/acorn/schools/oak");
  ASSERT_TRUE(access);
  EXPECT_FALSE(access.everything);
  EXPECT_TRUE(access.Includes({.school = "oak", .subject = "maths", .year_group = YEAR_GROUP_7}));
  EXPECT_TRUE(access.Includes({.school = "oak", .subject = "music", .year_group = YEAR_GROUP_9}));
  EXPECT_FALSE(access.Includes({.school = "oak", .subject = "music", .year_group = YEAR_GROUP_7}));
  EXPECT_FALSE(access.Includes({.school = "ash", .subject = "maths"}));
  EXPECT_FALSE(access.Includes({.school = "oak"}));
  EXPECT_FALSE(Ask(leader, "leadership.dropIns.list", "trusts/acorn/schools/ash"));
  EXPECT_FALSE(Ask(leader, "leadership.dropIns.list", "trusts/acorn"));
}

TEST_F(AccessTest, GrantWithoutLimitReachesItsWholeSchool) {
  const Caller leader = Person({{.role = ROLE_MIDDLE_LEADER, .schools = {"oak"}}});
  EXPECT_TRUE(Ask(leader, "leadership.dropIns.list", "trusts/acorn/schools/oak").everything);
  const Access all = Ask(leader, "leadership.dropIns.list", "trusts/acorn/schools/-");
  EXPECT_FALSE(all.everything);
  EXPECT_TRUE(all.Includes({.school = "oak"}));
  EXPECT_FALSE(all.Includes({.school = "ash"}));
}

TEST_F(AccessTest, OwnRowsOnly) {
  const Caller teacher = Person({{.role = ROLE_TEACHER, .schools = {"oak"}}});
  const Access school = Ask(teacher, "leadership.dropIns.list", "trusts/acorn/schools/oak");
  ASSERT_TRUE(school);
  EXPECT_FALSE(school.everything);
  EXPECT_TRUE(school.Includes({.school = "oak", .own = true}));
  EXPECT_FALSE(school.Includes({.school = "oak"}));
  EXPECT_FALSE(school.Includes({.school = "ash", .own = true}));
  EXPECT_FALSE(Ask(teacher, "leadership.dropIns.list", "trusts/acorn/schools/ash"));
  const Access trust = Ask(teacher, "leadership.dropIns.list", "trusts/acorn");
  EXPECT_TRUE(trust);
  EXPECT_TRUE(trust.Includes({.own = true}));
  EXPECT_FALSE(trust.Includes({}));
}

TEST_F(AccessTest, RolesAddUp) {
  const Caller both = Person({{.role = ROLE_TEACHER, .schools = {"oak", "ash"}},
                              {.role = ROLE_MIDDLE_LEADER, .schools = {"oak"}, .subjects = {"maths"}},
                              {.role = ROLE_HEADTEACHER, .schools = {"elm"}}});
  EXPECT_TRUE(Ask(both, "leadership.dropIns.list", "trusts/acorn/schools/elm").everything);
  const Access all = Ask(both, "leadership.dropIns.list", "trusts/acorn/schools/-");
  EXPECT_TRUE(all.Includes({.school = "elm", .subject = "music"}));
  EXPECT_TRUE(all.Includes({.school = "oak", .subject = "maths"}));
  EXPECT_TRUE(all.Includes({.school = "ash", .own = true}));
  EXPECT_FALSE(all.Includes({.school = "ash", .subject = "maths"}));
}

TEST_F(AccessTest, GrantsOutsideTheirTimeDoNotCount) {
  Grant grant{.role = ROLE_CEO, .start = kNow - absl::Hours(2), .end = kNow};
  EXPECT_FALSE(Ask(Person({grant}), "leadership.dropIns.list", "trusts/acorn"));
  grant.end = kNow + absl::Nanoseconds(1);
  EXPECT_TRUE(Ask(Person({grant}), "leadership.dropIns.list", "trusts/acorn"));
  grant.start = kNow + absl::Nanoseconds(1);
  EXPECT_FALSE(Ask(Person({grant}), "leadership.dropIns.list", "trusts/acorn"));
}

TEST_F(AccessTest, OtherTrustsAreClosed) {
  const Caller ceo = Person({{.role = ROLE_CEO}});
  for (const char* name : {"trusts/birch", "trusts/birch/schools/oak", "trusts/-", "", "schools/oak", "trusts", "trusts/acornx"}) {
    EXPECT_FALSE(Ask(ceo, "leadership.dropIns.list", name)) << name;
  }
}

TEST_F(AccessTest, ServiceWithoutTrustWorksForEveryTrust) {
  const Caller service{.subject = "services/cpd", .grants = {{.role = ROLE_SERVICE}}};
  EXPECT_TRUE(Ask(service, "evidence.measures.get", "trusts/birch/schools/x"));
  EXPECT_TRUE(Ask(service, "evidence.measures.get", ""));
  EXPECT_FALSE(Ask(service, "leadership.people.list", "trusts/birch"));
}

TEST_F(AccessTest, RowsAtTrustLevelOfTheGrantsSchools) {
  const AccessTable table =
      *AccessTable::Compile({{{ROLE_HEADTEACHER, "leadership.visits.create", Reach::kRowSchool}}}, kPermissions);
  const Caller head = Person({{.role = ROLE_HEADTEACHER, .schools = {"oak", "elm"}}});
  const Access access = table.DecideFor(head, "leadership.visits.create", "trusts/acorn/concerns/c", kNow);
  ASSERT_TRUE(access);
  EXPECT_FALSE(access.everything);
  EXPECT_TRUE(access.Includes({.row_school = "oak"}));
  EXPECT_TRUE(access.Includes({.row_school = "elm"}));
  EXPECT_FALSE(access.Includes({.row_school = "ash"}));
  EXPECT_FALSE(access.Includes({}));
  EXPECT_FALSE(access.Includes({.row_school = "ash", .own = true}));
  // Where the name has a school it is as kSchool.
  EXPECT_TRUE(table.DecideFor(head, "leadership.visits.create", "trusts/acorn/schools/oak", kNow).everything);
  EXPECT_FALSE(table.DecideFor(head, "leadership.visits.create", "trusts/acorn/schools/ash", kNow));
  EXPECT_FALSE(table.DecideFor(head, "leadership.visits.create", "trusts/acorn/schools/-", kNow).everything);
  const Caller everywhere = Person({{.role = ROLE_HEADTEACHER}});
  const Access whole = table.DecideFor(everywhere, "leadership.visits.create", "trusts/acorn", kNow);
  EXPECT_TRUE(whole.everything);
  EXPECT_TRUE(whole.Includes({}));
}

TEST_F(AccessTest, RestrictedRowsAreForThoseWhomTheyNameAlone) {
  const Caller ceo = Person({{.role = ROLE_CEO}});
  const Access all = Ask(ceo, "leadership.dropIns.list", "trusts/acorn/schools/oak");
  EXPECT_TRUE(all.everything);
  EXPECT_FALSE(all.Includes({.school = "oak", .restricted = true}));
  EXPECT_FALSE(all.Includes({.school = "oak", .own = true, .restricted = true})) << "named, but by no rule of reach own";
  const Caller teacher = Person({{.role = ROLE_TEACHER, .schools = {"oak"}}});
  const Access own = Ask(teacher, "leadership.dropIns.list", "trusts/acorn/schools/oak");
  EXPECT_TRUE(own.Includes({.school = "oak", .own = true, .restricted = true}));
  EXPECT_FALSE(own.Includes({.school = "oak", .restricted = true}));
}

TEST_F(AccessTest, RendersTheTable) {
  EXPECT_EQ(table_.MarkdownTable(),
            "| permission | CEO | Headteacher | Middle leader | Teacher | Service |\n"
            "|---|---|---|---|---|---|\n"
            "| `evidence.measures.get` | | | | | school |\n"
            "| `leadership.dropIns.create` | school | school | | | |\n"
            "| `leadership.dropIns.list` | school | school | subject or year | own | |\n"
            "| `leadership.people.list` | school | trust | | trust | |\n"
            "| `leadership.visits.create` | school | | | | |\n");
}

TEST(AccessTable, RefusesRulesThatCannotBeMeant) {
  const auto compile = [](AccessRule rule) {
    return AccessTable::Compile({rule}, kPermissions).status().code();
  };
  EXPECT_EQ(compile({ROLE_CEO, "leadership.dropins.list", Reach::kSchool}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(compile({ROLE_CEO, "leadership.drop*", Reach::kSchool}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(compile({ROLE_CEO, "*.list", Reach::kSchool}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(compile({ROLE_CEO, "", Reach::kSchool}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(compile({ROLE_UNSPECIFIED, "*", Reach::kSchool}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(compile({static_cast<Role>(59), "*", Reach::kSchool}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(compile({ROLE_CEO, "*", Reach::kSchool}), absl::StatusCode::kOk);
}

TEST(AccessTable, StarStopsAtADot) {
  const std::vector<std::string> permissions = {"leadership.dropIns.list", "leadership.dropInsSecret.list"};
  const auto table = AccessTable::Compile({{ROLE_CEO, "leadership.dropIns.*", Reach::kSchool}}, permissions);
  ASSERT_TRUE(table.ok());
  const Caller ceo{.subject = "trusts/acorn/people/p", .trust = "acorn", .grants = {{.role = ROLE_CEO}}};
  EXPECT_TRUE(table->Decide(ceo, "leadership.dropIns.list", "", kNow));
  EXPECT_FALSE(table->Decide(ceo, "leadership.dropInsSecret.list", "", kNow));
}

}  // namespace
}  // namespace fivestrand::identity
