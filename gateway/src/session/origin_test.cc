#include "gateway/src/session/origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fivestrand::gateway::session {
namespace {

using testing::HasSubstr;
using testing::Not;

http::Request With(std::vector<std::pair<std::string, std::string>> headers, http::Method method = http::Method::kPost) {
  http::Request request;
  request.method = method;
  for (const auto& [name, value] : headers) request.headers.Add(name, value);
  return request;
}

TEST(IsSameOrigin, BelievesTheBrowser) {
  EXPECT_TRUE(IsSameOrigin(With({{"Host", "a.example"}, {"Sec-Fetch-Site", "same-origin"}})));
  for (const char* site : {"cross-site", "same-site", "none", "Same-Origin", ""}) {
    EXPECT_FALSE(IsSameOrigin(With({{"Host", "a.example"}, {"Origin", "https://a.example"}, {"Sec-Fetch-Site", site}}))) << site;
  }
  EXPECT_FALSE(IsSameOrigin(With({{"Host", "a"}, {"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}})));
}

TEST(IsSameOrigin, ComparesOriginWithHostWhereTheBrowserIsOld) {
  EXPECT_TRUE(IsSameOrigin(With({{"Host", "A.example:8443"}, {"Origin", "https://a.example:8443"}})));
  EXPECT_TRUE(IsSameOrigin(With({{"Host", "127.0.0.1:8080"}, {"Origin", "http://127.0.0.1:8080"}})));
  for (const char* origin :
       {"", "null", "https://a.example.evil", "https://evil/a.example", "https://a.example:1", "ftp://a.example", "a.example"}) {
    EXPECT_FALSE(IsSameOrigin(With({{"Host", "a.example"}, {"Origin", origin}}))) << origin;
  }
  EXPECT_FALSE(IsSameOrigin(With({{"Host", "a.example"}})));
  EXPECT_FALSE(IsSameOrigin(With({{"Origin", "https://a.example"}})));
}

TEST(IsLoopbackHost, KnowsItsNames) {
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:80"})
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  for (const char* host : {"", "localhost.evil", "127.0.0.1.evil", "[::2]", "[::1", "evil:localhost", "10.0.0.1"})
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
}

TEST(CorsPolicy, LetsNobodyInByDefault) {
  const CorsPolicy policy({});
  http::HeaderBlock headers;
  policy.Decorate(With({{"Origin", "https://app.example"}}), &headers);
  EXPECT_EQ(headers.text(), "");
}

TEST(CorsPolicy, LetsListedOriginsReadWithoutCookies) {
  const CorsPolicy policy({"https://app.example"});
  http::HeaderBlock headers;
  policy.Decorate(With({{"Origin", "https://app.example"}}), &headers);
  EXPECT_THAT(headers.text(), HasSubstr("Access-Control-Allow-Origin: https://app.example\r\n"));
  EXPECT_THAT(headers.text(), Not(HasSubstr("Credentials")));
  http::HeaderBlock other;
  policy.Decorate(With({{"Origin", "https://evil.example"}}), &other);
  EXPECT_EQ(other.text(), "Vary: Origin\r\n");
  const auto preflight =
      With({{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "PATCH"}}, http::Method::kOptions);
  EXPECT_TRUE(CorsPolicy::IsPreflight(preflight));
  EXPECT_THAT(policy.AnswerPreflight(preflight).headers.text(), HasSubstr("Allow-Methods: GET, POST, PATCH"));
  EXPECT_THAT(policy.AnswerPreflight(With({{"Origin", "https://evil"}}, http::Method::kOptions)).headers.text(),
              Not(HasSubstr("Allow")));
}

}  // namespace
}  // namespace fivestrand::gateway::session
