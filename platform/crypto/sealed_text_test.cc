#include "platform/crypto/sealed_text.h"

#include "gtest/gtest.h"

#include "platform/crypto/encoding.h"
#include "platform/crypto/temporary_folder.h"

namespace fivestrand::crypto {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

TEST(Base64Url, FollowsRfc4648) {
  EXPECT_EQ(Base64Url(""), "");
  EXPECT_EQ(Base64Url("f"), "Zg");
  EXPECT_EQ(Base64Url("fo"), "Zm8");
  EXPECT_EQ(Base64Url("foo"), "Zm9v");
  EXPECT_EQ(Base64Url("\xfb\xff"), "-_8");
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) EXPECT_EQ(FromBase64Url(Base64Url(text)), text);
}

TEST(Base64Url, IsStrict) {
  for (const char* text : {"Z", "Zg=", "Zg==", "Zh", "Zm9", "Zm9v\n", " Zm9v", "Zm+v", "Zm/v", "Zm9vZ", "Zm9.", "\xff\xff"}) {
    EXPECT_FALSE(FromBase64Url(text).has_value()) << text;
  }
}

TEST(CookieSealer, OpensOnlyItsOwn) {
  const auto ring = Keyring::NewInMemory();
  const CookieSealer session(*ring, "session-cookie");
  const std::string cookie = session.Seal("person p until 12:00");
  EXPECT_EQ(session.Open(cookie), "person p until 12:00");
  EXPECT_EQ(CookieSealer(*ring, "session-cookie").Open(cookie), "person p until 12:00");
  EXPECT_EQ(session.Open(session.Seal("")), "");
  EXPECT_NE(session.Seal("same"), session.Seal("same"));
  EXPECT_FALSE(CookieSealer(*ring, "state-cookie").Open(cookie).has_value());
  EXPECT_FALSE(CookieSealer(*Keyring::NewInMemory(), "session-cookie").Open(cookie).has_value());
  EXPECT_EQ(cookie.find("person"), std::string::npos);
}

TEST(CookieSealer, RefusesEveryChange) {
  const CookieSealer session(*Keyring::NewInMemory(), "session-cookie");
  const std::string sealed = FromBase64Url(session.Seal("text")).value();
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(session.Open(Base64Url(changed)).has_value()) << i;
    EXPECT_FALSE(session.Open(Base64Url(sealed.substr(0, i))).has_value()) << i;
  }
  EXPECT_FALSE(session.Open("").has_value());
  EXPECT_FALSE(session.Open("not base64!").has_value());
  EXPECT_FALSE(session.Open(session.Seal(std::string(kMaxSealedTextBytes, 'x'))).has_value());
}

TEST(SealedText, OutlivesARotationButNotARemoval) {
  const TemporaryFolder folder;
  const std::string path = folder.File("keyring.json");
  ASSERT_TRUE(Keyring::Create(path, kNow).ok());
  const auto before = Keyring::Load(path).value();
  const std::string cookie = CookieSealer(*before, "session-cookie").Seal("text");
  const std::string token = PageTokenCodec(*before).Encode("content", "binding");
  ASSERT_TRUE(Keyring::Rotate(path, kNow).ok());
  const auto after = Keyring::Load(path).value();
  EXPECT_EQ(CookieSealer(*after, "session-cookie").Open(cookie), "text");
  EXPECT_EQ(PageTokenCodec(*after).Decode(token, "binding"), "content");
  ASSERT_TRUE(Keyring::Remove(path, 1).ok());
  const auto later = Keyring::Load(path).value();
  EXPECT_FALSE(CookieSealer(*later, "session-cookie").Open(cookie).has_value());
  EXPECT_FALSE(PageTokenCodec(*later).Decode(token, "binding").has_value());
}

TEST(PageTokenCodec, IsBoundToItsRequest) {
  const PageTokenCodec codec(*Keyring::NewInMemory());
  const std::string token = codec.Encode("2026-07-28|d1", "acorn/dropIns?filter");
  EXPECT_EQ(codec.Decode(token, "acorn/dropIns?filter"), "2026-07-28|d1");
  EXPECT_EQ(codec.Decode(codec.Encode("", ""), ""), "");
  EXPECT_FALSE(codec.Decode(token, "acorn/dropIns?other").has_value());
  EXPECT_FALSE(codec.Decode(token, "").has_value());
  EXPECT_FALSE(codec.Decode(codec.Encode("bc", "a"), "ab").has_value());
  EXPECT_FALSE(PageTokenCodec(*Keyring::NewInMemory()).Decode(token, "acorn/dropIns?filter").has_value());
}

TEST(PageTokenCodec, RefusesEveryChange) {
  const PageTokenCodec codec(*Keyring::NewInMemory());
  const std::string token = FromBase64Url(codec.Encode("content", "binding")).value();
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = static_cast<char>(changed[i] ^ 0x80);
    EXPECT_FALSE(codec.Decode(Base64Url(changed), "binding").has_value()) << i;
    EXPECT_FALSE(codec.Decode(Base64Url(token.substr(0, i)), "binding").has_value()) << i;
  }
  EXPECT_FALSE(codec.Decode(Base64Url(token + "x"), "binding").has_value());
  EXPECT_FALSE(codec.Decode(std::string(kMaxSealedTextBytes + 1, 'A'), "binding").has_value());
}

}  // namespace
}  // namespace fivestrand::crypto
