#include "platform/names/names.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/names/pattern.h"

namespace fivestrand::names {
namespace {

using ::testing::ElementsAre;

TEST(ValidId, TakesWhatResourceIdsAreMadeOf) {
  EXPECT_TRUE(ValidId("a"));
  EXPECT_TRUE(ValidId("7"));
  EXPECT_TRUE(ValidId("oak-park-2"));
  EXPECT_TRUE(ValidId("a-"));
  EXPECT_TRUE(ValidId(std::string(63, 'z')));
  EXPECT_FALSE(ValidId(""));
  EXPECT_FALSE(ValidId("-"));
  EXPECT_FALSE(ValidId("-a"));
  EXPECT_FALSE(ValidId("Oak"));
  EXPECT_FALSE(ValidId("a_b"));
  EXPECT_FALSE(ValidId("a.b"));
  EXPECT_FALSE(ValidId("a/b"));
  EXPECT_FALSE(ValidId("\xc3\xa4"));
  EXPECT_FALSE(ValidId(std::string_view("a\0b", 3)));
  EXPECT_FALSE(ValidId(std::string(64, 'z')));
}

TEST(ValidUuid, TakesTheHyphenatedFormOnly) {
  EXPECT_TRUE(ValidUuid("7d444840-9dc0-11d1-b245-5ffdce74fad2"));
  EXPECT_TRUE(ValidUuid("7D444840-9DC0-11D1-B245-5FFDCE74FAD2"));
  EXPECT_FALSE(ValidUuid(""));
  EXPECT_FALSE(ValidUuid("00000000-0000-0000-0000-000000000000"));
  EXPECT_FALSE(ValidUuid("7d4448409dc011d1b2455ffdce74fad2"));
  EXPECT_FALSE(ValidUuid("7d444840-9dc0-11d1-b245-5ffdce74fad"));
  EXPECT_FALSE(ValidUuid("7d444840-9dc0-11d1-b245-5ffdce74fadg"));
  EXPECT_FALSE(ValidUuid("7d4448409-dc0-11d1-b245-5ffdce74fad2"));
  EXPECT_FALSE(ValidUuid("{d444840-9dc0-11d1-b245-5ffdce74fad}"));
}

TEST(Names, GiveTrustAndSchool) {
  EXPECT_EQ(TrustOf("trusts/acorn"), "acorn");
  EXPECT_EQ(TrustOf("trusts/acorn/schools/oak"), "acorn");
  EXPECT_EQ(TrustOf("trusts/"), "");
  EXPECT_EQ(TrustOf("trusts"), "");
  EXPECT_EQ(TrustOf("services/gateway"), "");
  EXPECT_EQ(TrustOf("xtrusts/acorn"), "");
  EXPECT_EQ(SchoolOf("trusts/acorn"), "");
  EXPECT_EQ(SchoolOf("trusts/acorn/"), "");
  EXPECT_EQ(SchoolOf("trusts/acorn/schools"), "");
  EXPECT_EQ(SchoolOf("trusts/acorn/schools/"), "");
  EXPECT_EQ(SchoolOf("trusts/acorn/schools/oak"), "oak");
  EXPECT_EQ(SchoolOf("trusts/acorn/schools/-/dropIns"), "-");
  EXPECT_EQ(SchoolOf("trusts/acorn/people/schools/oak"), "");
  EXPECT_EQ(SchoolOf("trusts//schools/oak"), "");
  EXPECT_EQ(SchoolOf("schools/oak"), "");
  EXPECT_EQ(TrustNameOf("trusts/acorn/people/p"), "trusts/acorn");
  EXPECT_EQ(SchoolNameOf("trusts/acorn/schools/oak/dropIns/d"), "trusts/acorn/schools/oak");
  EXPECT_EQ(SchoolNameOf("trusts/acorn/people/p"), "");
}

TEST(Names, GiveParentAndId) {
  EXPECT_EQ(ParentOf("trusts/acorn/schools/oak/dropIns/d"), "trusts/acorn/schools/oak");
  EXPECT_EQ(ParentOf("trusts/acorn/schools/oak"), "trusts/acorn");
  EXPECT_EQ(ParentOf("trusts/acorn"), "");
  EXPECT_EQ(ParentOf("trusts"), "");
  EXPECT_EQ(ParentOf(""), "");
  EXPECT_EQ(ParentOf("/"), "");
  EXPECT_EQ(IdOf("trusts/acorn"), "acorn");
  EXPECT_EQ(IdOf("acorn"), "acorn");
  EXPECT_EQ(IdOf("trusts/"), "");
}

TEST(Pattern, MatchesItsShapeOnly) {
  const auto pattern = Pattern::Parse("trusts/{trust}/schools/{school}/dropIns/{drop_in}");
  ASSERT_TRUE(pattern.ok()) << pattern.status();
  EXPECT_THAT(pattern->variables(), ElementsAre("trust", "school", "drop_in"));
  EXPECT_EQ(pattern->Collection(), "dropIns");
  EXPECT_EQ(pattern->ParentText(), "trusts/{trust}/schools/{school}");
  EXPECT_FALSE(pattern->singleton());

  const auto ids = pattern->Match("trusts/acorn/schools/oak/dropIns/d1");
  ASSERT_TRUE(ids.has_value());
  EXPECT_THAT(*ids, ElementsAre("acorn", "oak", "d1"));
  for (const char* name :
       {"", "/", "trusts", "trusts/acorn/schools/oak/dropIns", "trusts/acorn/schools/oak/dropIns/",
        "trusts/acorn/schools/oak/dropIns/d1/", "/trusts/acorn/schools/oak/dropIns/d1", "trusts/acorn/schools/oak/dropIns/d1/x",
        "trusts/acorn/schools/oak/dropins/d1", "trusts/acorn/schools/-/dropIns/d1", "trusts//schools/oak/dropIns/d1",
        "trusts/acorn/schools/../dropIns/d1", "trusts/acorn/schools/Oak/dropIns/d1"}) {
    EXPECT_FALSE(pattern->Matches(name)) << name;
  }
  EXPECT_FALSE(pattern->Matches("trusts/" + std::string(600, 'a')));
}

TEST(Pattern, TakesAnyOnlyWhereAsked) {
  const auto pattern = Pattern::Parse("trusts/{trust}/schools/{school}");
  ASSERT_TRUE(pattern.ok());
  EXPECT_FALSE(pattern->Match("trusts/acorn/schools/-").has_value());
  const auto ids = pattern->Match("trusts/acorn/schools/-", Wildcard::kAllow);
  ASSERT_TRUE(ids.has_value());
  EXPECT_THAT(*ids, ElementsAre("acorn", "-"));
}

TEST(Pattern, FormatsWhatItMatches) {
  const auto pattern = Pattern::Parse("trusts/{trust}/schools/{school}/dropIns/{drop_in}");
  ASSERT_TRUE(pattern.ok());
  EXPECT_EQ(pattern->Format({"acorn", "oak", "d1"}), "trusts/acorn/schools/oak/dropIns/d1");
  EXPECT_EQ(pattern->Format({"acorn", "oak"}), "");
  EXPECT_EQ(pattern->Format({"acorn", "oak/x", "d1"}), "");
  EXPECT_EQ(pattern->ChildName("trusts/acorn/schools/oak", "d1"), "trusts/acorn/schools/oak/dropIns/d1");
}

TEST(Pattern, KnowsSingletonsAndTopLevel) {
  const auto model = Pattern::Parse("trusts/{trust}/model");
  ASSERT_TRUE(model.ok());
  EXPECT_TRUE(model->singleton());
  EXPECT_EQ(model->Collection(), "model");
  EXPECT_EQ(model->ParentText(), "trusts/{trust}");
  EXPECT_TRUE(model->Matches("trusts/acorn/model"));

  const auto trust = Pattern::Parse("trusts/{trust}");
  ASSERT_TRUE(trust.ok());
  EXPECT_EQ(trust->Collection(), "trusts");
  EXPECT_EQ(trust->ParentText(), "");
  EXPECT_EQ(trust->ChildName("", "acorn"), "trusts/acorn");
}

TEST(Pattern, RefusesWhatIsNone) {
  for (const char* text :
       {"", "/", "{trust}", "{trust}/x", "trusts/{a}/{b}", "trusts/{}", "trusts/{Trust}", "Trusts/{trust}", "trusts/{trust}/",
        "/trusts/{trust}", "trusts//{trust}", "trusts/{t}/schools/{t}", "tru-sts/{t}", "trusts/*"}) {
    EXPECT_FALSE(Pattern::Parse(text).ok()) << text;
  }
  std::string deep = "a/{a}";
  for (char c = 'b'; c < 'm'; ++c) deep += std::string("/") + c + "/{" + c + "}";
  EXPECT_FALSE(Pattern::Parse(deep).ok());
}

}  // namespace
}  // namespace fivestrand::names
