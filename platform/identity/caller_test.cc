#include "platform/identity/caller.h"

#include "fivestrand/type/v1/role.pb.h"
#include "gtest/gtest.h"

namespace fivestrand::identity {
namespace {

using type::v1::ROLE_CEO;
using type::v1::ROLE_HEADTEACHER;
using type::v1::ROLE_OPERATOR;
using type::v1::ROLE_SERVICE;
using type::v1::ROLE_UNSPECIFIED;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

Caller Make(std::string subject, std::string trust, Role role) {
  Caller caller;
  caller.subject = std::move(subject);
  caller.trust = std::move(trust);
  caller.grants.push_back({.role = role});
  return caller;
}

TEST(WellFormed, TakesTheFourKinds) {
  EXPECT_TRUE(WellFormed(Make("trusts/acorn/people/p", "acorn", ROLE_CEO)));
  EXPECT_TRUE(WellFormed(Make("trusts/acorn/applications/a", "acorn", type::v1::ROLE_APPLICATION)));
  EXPECT_TRUE(WellFormed(Make("services/gateway", "", ROLE_SERVICE)));
  EXPECT_TRUE(WellFormed(Make("services/gateway", "acorn", ROLE_SERVICE)));
  EXPECT_TRUE(WellFormed(Make("operators/cli", "", ROLE_OPERATOR)));
}

TEST(WellFormed, RefusesOthers) {
  for (const char* subject :
       {"", "gateway", "services/", "services/a/b", "services/-", "trusts/acorn", "trusts/acorn/", "trusts/acorn/people",
        "trusts/acorn/people/", "trusts/acorn/people/p/x", "trusts/acorn/schools/s", "trusts/oak/people/p", "people/p"}) {
    EXPECT_FALSE(WellFormed(Make(subject, "acorn", ROLE_CEO))) << subject;
  }
  EXPECT_FALSE(WellFormed(Make("trusts/acorn/people/p", "", ROLE_CEO)));
  EXPECT_FALSE(WellFormed(Make("trusts/-/people/p", "-", ROLE_CEO)));
  EXPECT_FALSE(WellFormed(Make("trusts/acorn/people/p", "acorn", ROLE_UNSPECIFIED)));
}

TEST(WellFormed, KeepsTheSuitesRolesFromPeople) {
  EXPECT_FALSE(WellFormed(Make("trusts/acorn/people/p", "acorn", ROLE_SERVICE)));
  EXPECT_FALSE(WellFormed(Make("trusts/acorn/people/p", "acorn", ROLE_OPERATOR)));
  EXPECT_FALSE(WellFormed(Make("services/gateway", "", ROLE_OPERATOR)));
  EXPECT_FALSE(WellFormed(Make("operators/cli", "", ROLE_SERVICE)));
}

TEST(Caller, IsAServiceOrOperatorBySubjectAndRole) {
  EXPECT_TRUE(Make("services/gateway", "", ROLE_SERVICE).IsService());
  EXPECT_FALSE(Make("services/gateway", "", ROLE_CEO).IsService());
  EXPECT_FALSE(Make("trusts/acorn/people/p", "acorn", ROLE_SERVICE).IsService());
  EXPECT_TRUE(Make("operators/cli", "", ROLE_OPERATOR).IsOperator());
  EXPECT_FALSE(Make("services/cli", "", ROLE_OPERATOR).IsOperator());
}

TEST(Caller, EntersItsOwnTrustOnly) {
  const Caller person = Make("trusts/acorn/people/p", "acorn", ROLE_CEO);
  EXPECT_TRUE(person.MayEnterTrust("acorn"));
  EXPECT_FALSE(person.MayEnterTrust("oak"));
  EXPECT_FALSE(person.MayEnterTrust(""));
  EXPECT_TRUE(Make("services/gateway", "", ROLE_SERVICE).MayEnterTrust("oak"));
  EXPECT_FALSE(Make("services/gateway", "acorn", ROLE_SERVICE).MayEnterTrust("oak"));
  EXPECT_FALSE(Make("trusts/acorn/people/p", "", ROLE_CEO).MayEnterTrust("acorn"));
}

TEST(Caller, HasARoleOnlyInItsTime) {
  Caller caller = Make("trusts/acorn/people/p", "acorn", ROLE_HEADTEACHER);
  caller.grants[0].start = kNow;
  caller.grants[0].end = kNow + absl::Hours(1);
  EXPECT_FALSE(caller.HasRole(ROLE_HEADTEACHER, kNow - absl::Nanoseconds(1)));
  EXPECT_TRUE(caller.HasRole(ROLE_HEADTEACHER, kNow));
  EXPECT_FALSE(caller.HasRole(ROLE_HEADTEACHER, kNow + absl::Hours(1)));
  EXPECT_FALSE(caller.HasRole(ROLE_CEO, kNow));
}

}  // namespace
}  // namespace fivestrand::identity
