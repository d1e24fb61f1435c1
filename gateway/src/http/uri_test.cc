#include "gateway/src/http/uri.h"

#include <gtest/gtest.h>

namespace fivestrand::gateway::http {
namespace {

TEST(PercentDecode, DecodesAndKeepsSlashesWhenAsked) {
  EXPECT_EQ(PercentDecode("a%20b%2fc"), "a b/c");
  EXPECT_EQ(PercentDecode("a%20b%2fc%2F", true), "a b%2fc%2F");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
}

TEST(PercentDecode, RefusesBrokenEscapesAndControlCharacters) {
  for (const char* bad : {"%", "%1", "%zz", "a%0", "%00", "a%0ab", "%7f"}) EXPECT_FALSE(PercentDecode(bad)) << bad;
}

TEST(ParseQuery, SplitsDecodesAndKeepsOrder) {
  const auto query = ParseQuery("a=1&b.c=x+y%26z&&a=2&flag&empty=");
  ASSERT_TRUE(query);
  ASSERT_EQ(query->size(), 5u);
  EXPECT_EQ((*query)[0].key, "a");
  EXPECT_EQ((*query)[1].key, "b.c");
  EXPECT_EQ((*query)[1].value, "x y&z");
  EXPECT_EQ((*query)[2].value, "2");
  EXPECT_EQ((*query)[3].key, "flag");
  EXPECT_EQ((*query)[3].value, "");
}

TEST(ParseQuery, RefusesTooManyAndBroken) {
  EXPECT_FALSE(ParseQuery("a=%4"));
  EXPECT_TRUE(ParseQuery("a=1&b=2", 2));
  EXPECT_FALSE(ParseQuery("a=1&b=2&c=3", 2));
  EXPECT_TRUE(ParseQuery("text=line%0Aline"));
  EXPECT_FALSE(ParseQuery("text=nul%00"));
}

TEST(FindCookie, FindsExactlyOne) {
  EXPECT_EQ(FindCookie("a=1; session=xyz==; b=2", "session"), "xyz==");
  EXPECT_EQ(FindCookie("xsession=1", "session"), std::nullopt);
  EXPECT_EQ(FindCookie("session=1; session=2", "session"), std::nullopt);
  EXPECT_EQ(FindCookie("", "session"), std::nullopt);
}

}  // namespace
}  // namespace fivestrand::gateway::http
