#include "gateway/src/session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/crypto/keyring.h"
#include "platform/crypto/sealed_text.h"

namespace fivestrand::gateway::session {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class SessionTest : public testing::Test {
 protected:
  SessionOptions Options(bool secure = false) {
    SessionOptions options;
    options.secure = secure;
    options.clock = [this] {
      return now;
    };
    return options;
  }
  // What a browser sends back for a Set-Cookie value.
  static std::string Cookie(const std::string& set_cookie) { return set_cookie.substr(0, set_cookie.find(';')); }

  absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  std::shared_ptr<const crypto::Keyring> keyring = crypto::Keyring::NewInMemory();
  Sessions sessions{*keyring, Options()};
};

TEST_F(SessionTest, CookiesAreForThisSiteAndForNoScript) {
  EXPECT_THAT(sessions.SignIn("s1", "trusts/a/people/p"), StartsWith("fivestrand="));
  EXPECT_THAT(sessions.SignIn("s1", "trusts/a/people/p"), EndsWith("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"));
  Sessions secure(*keyring, Options(true));
  EXPECT_THAT(secure.SignIn("s1", "trusts/a/people/p"), StartsWith("__Host-fivestrand="));
  EXPECT_THAT(secure.SignIn("s1", "trusts/a/people/p"), EndsWith("; Secure"));
  EXPECT_EQ(secure.ClearCookie(), "__Host-fivestrand=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
}

TEST_F(SessionTest, OpensWhatItSealed) {
  const std::string cookie = Cookie(sessions.SignIn("s1", "trusts/a/people/p"));
  for (int i = 0; i < 2; ++i) {
    const auto session = sessions.Open("other=1; " + cookie);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->id, "s1");
    EXPECT_EQ(session->person, "trusts/a/people/p");
  }
  EXPECT_FALSE(sessions.Open(""));
  EXPECT_FALSE(sessions.Open("fivestrand="));
  EXPECT_FALSE(sessions.Open(cookie + "x"));
  EXPECT_FALSE(sessions.Open(cookie + "; " + cookie)) << "which one is meant?";
  EXPECT_FALSE(Sessions(*crypto::Keyring::NewInMemory(), Options()).Open(cookie));
  EXPECT_FALSE(sessions.Open("fivestrand=" + crypto::CookieSealer(*keyring, "another-purpose").Seal("1\ns\np\n1\n1")));
  EXPECT_FALSE(sessions.Open("fivestrand=" + crypto::CookieSealer(*keyring, "gateway-session").Seal("2\ns\np")));
}

TEST_F(SessionTest, EndsAfterItsLifetimeHoweverBusy) {
  std::string cookie = Cookie(sessions.SignIn("s1", "p"));
  for (int minutes = 0; minutes < 12 * 60; minutes += 11) {
    const auto session = sessions.Open(cookie);
    ASSERT_TRUE(session) << minutes;
    if (const std::string renewal = sessions.Renewal(*session); !renewal.empty()) cookie = Cookie(renewal);
    now += absl::Minutes(11);
  }
  EXPECT_FALSE(sessions.Open(cookie));
}

TEST_F(SessionTest, EndsWhenIdle) {
  const std::string cookie = Cookie(sessions.SignIn("s1", "p"));
  ASSERT_TRUE(sessions.Open(cookie));
  now += absl::Hours(2);
  EXPECT_FALSE(sessions.Open(cookie)) << "also when it was opened before";
}

TEST_F(SessionTest, RenewsSeldom) {
  const auto session = sessions.Open(Cookie(sessions.SignIn("s1", "p")));
  now += absl::Minutes(9);
  EXPECT_EQ(sessions.Renewal(*session), "");
  now += absl::Minutes(2);
  EXPECT_THAT(sessions.Renewal(*session), HasSubstr("Max-Age=42540"));
}

TEST_F(SessionTest, SignOutEndsEveryCopyOfTheCookie) {
  const std::string cookie = Cookie(sessions.SignIn("s1", "p"));
  const auto session = sessions.Open(cookie);
  EXPECT_THAT(sessions.SignOut(*session), HasSubstr("Max-Age=0"));
  EXPECT_FALSE(sessions.Open(cookie));
  EXPECT_TRUE(sessions.Open(Cookie(sessions.SignIn("s2", "p"))));
}

TEST_F(SessionTest, TheRevokedListIsBounded) {
  SessionOptions options = Options();
  options.max_revoked = 3;
  Sessions small(*keyring, options);
  std::vector<std::string> cookies;
  for (int i = 0; i < 5; ++i) {
    cookies.push_back(Cookie(small.SignIn("s" + std::to_string(i), "p")));
    small.SignOut(*small.Open(cookies.back()));
    now += absl::Seconds(1);
  }
  for (int i = 2; i < 5; ++i) EXPECT_FALSE(small.Open(cookies[i])) << i;
}

}  // namespace
}  // namespace fivestrand::gateway::session
