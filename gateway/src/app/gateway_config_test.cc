#include "gateway/src/app/gateway_config.h"

#include <gtest/gtest.h>

namespace fivestrand::gateway {
namespace {

TEST(ParseListenAddress, KnowsLoopback) {
  const auto v4 = ParseListenAddress("127.0.0.1:8080");
  ASSERT_TRUE(v4.ok());
  EXPECT_EQ(v4->address, "127.0.0.1");
  EXPECT_EQ(v4->port, 8080);
  EXPECT_TRUE(v4->loopback);
  EXPECT_TRUE(ParseListenAddress("localhost:1")->loopback);
  EXPECT_TRUE(ParseListenAddress("[::1]:0")->loopback);
  EXPECT_FALSE(ParseListenAddress(":8080")->loopback);
  EXPECT_EQ(ParseListenAddress(":8080")->address, "0.0.0.0");
  EXPECT_FALSE(ParseListenAddress("0.0.0.0:8080")->loopback);
  EXPECT_FALSE(ParseListenAddress("10.1.2.3:8080")->loopback);
  for (const char* bad : {"", "8080", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "name.example:80", "[::1:80"}) {
    EXPECT_FALSE(ParseListenAddress(bad).ok()) << bad;
  }
}

TEST(ListensOnLoopback, IncludesEveryAddress) {
  for (const char* yes : {"127.0.0.1:1", "0.0.0.0:1", ":1", "localhost:1", "[::]:1"}) EXPECT_TRUE(ListensOnLoopback(yes)) << yes;
  for (const char* no : {"", "10.0.0.1:1", "[::1]:1", "nonsense"}) EXPECT_FALSE(ListensOnLoopback(no)) << no;
}

TEST(ParseBodyLimits, ReadsEntries) {
  const auto limits = ParseBodyLimits({"a.B.C=100", "a.B.D=2000"});
  ASSERT_TRUE(limits.ok());
  EXPECT_EQ(limits->at("a.B.C"), 100u);
  for (const char* bad : {"", "a.B.C", "=1", "a.B.C=x", "a.B.C=-1", "a.B.C=99999999999999"})
    EXPECT_FALSE(ParseBodyLimits({bad}).ok()) << bad;
}

}  // namespace
}  // namespace fivestrand::gateway
