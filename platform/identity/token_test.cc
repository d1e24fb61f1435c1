#include "platform/identity/token.h"

#include <atomic>
#include <fstream>
#include <sys/stat.h>
#include <thread>

#include "fivestrand/type/v1/role.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/crypto/temporary_folder.h"
#include "platform/identity/test_keys.h"
#include "platform/status/status.h"

namespace fivestrand::identity {
namespace {

using absl::StatusCode;
using Json = nlohmann::json;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr int64_t kNowSeconds = 1'790'000'000;

// A key source whose keys and requests the test sees.
class CountingKeySource : public KeySource {
 public:
  explicit CountingKeySource(std::shared_ptr<MemoryKeySource> keys) : keys_(std::move(keys)) {}
  std::shared_ptr<const KeySet> Keys() const override { return keys_->Keys(); }
  uint64_t generation() const override { return keys_->generation(); }
  void RequestRefresh() override { ++requests_; }
  int requests() const { return requests_; }

 private:
  std::shared_ptr<MemoryKeySource> keys_;
  std::atomic<int> requests_ = 0;
};

class TokenTest : public ::testing::Test {
 protected:
  TokenTest() {
    EXPECT_TRUE(GenerateKeyFile(path_).ok());
    signer_ = TokenSigner::Open(path_, {.clock =
                                            [this] {
                                              return now_;
                                            }})
                  .value();
    EXPECT_TRUE(keys_->Set(signer_->Jwks()).ok());
    verifier_ = NewVerifier();
  }

  std::unique_ptr<TokenVerifier> NewVerifier(size_t capacity = 4096) {
    return TokenVerifier::Create(source_, {.cache_capacity = capacity, .clock = [this] {
                                             return now_;
                                           }});
  }

  static Caller Headteacher() {
    Caller caller;
    caller.subject = "trusts/acorn/people/helen";
    caller.trust = "acorn";
    caller.grants = {{.role = type::v1::ROLE_HEADTEACHER, .schools = {"oak", "elm"}, .start = kNow - absl::Hours(24)},
                     {.role = type::v1::ROLE_MIDDLE_LEADER,
                      .schools = {"oak"},
                      .year_groups = {12},
                      .subjects = {"maths"},
                      .end = kNow + absl::Hours(24)},
                     {.role = type::v1::ROLE_TEACHER, .classes = {"9a"}}};
    return caller;
  }

  StatusCode CodeOf(std::string_view token) { return verifier_->Verify(token).status().code(); }

  absl::Time now_ = kNow;
  crypto::TemporaryFolder folder_;
  const std::string path_ = folder_.File("signing-key.pem");
  std::unique_ptr<TokenSigner> signer_;
  std::shared_ptr<MemoryKeySource> keys_ = NewMemoryKeySource();
  std::shared_ptr<CountingKeySource> source_ = std::make_shared<CountingKeySource>(keys_);
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(TokenTest, CarriesTheWholeCaller) {
  const std::string token = signer_->Sign(Headteacher()).value();
  const auto caller = verifier_->Verify(token);
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ((*caller)->subject, "trusts/acorn/people/helen");
  EXPECT_EQ((*caller)->trust, "acorn");
  EXPECT_EQ((*caller)->grants, Headteacher().grants);
  EXPECT_EQ((*caller)->expires, kNow + absl::Minutes(5));
  EXPECT_FALSE((*caller)->token_id.empty());
  EXPECT_NE(token, signer_->Sign(Headteacher()).value()) << "every token has its own id";
  EXPECT_LT(token.size(), 700u);
}

TEST_F(TokenTest, EndsWithTheSession) {
  Caller caller = Headteacher();
  caller.expires = kNow + absl::Minutes(2);
  EXPECT_EQ(verifier_->Verify(signer_->Sign(caller).value()).value()->expires, kNow + absl::Minutes(2));
  caller.expires = kNow + absl::Hours(8);
  EXPECT_EQ(verifier_->Verify(signer_->Sign(caller).value()).value()->expires, kNow + absl::Minutes(5));
}

TEST_F(TokenTest, LeavesOutGrantsThatHaveEnded) {
  Caller caller = Headteacher();
  caller.grants[0].end = kNow;
  EXPECT_EQ(verifier_->Verify(signer_->Sign(caller).value()).value()->grants.size(), 2u);
}

TEST_F(TokenTest, SignsForNobodyWhoBreaksTheRules) {
  Caller caller = Headteacher();
  caller.grants.push_back({.role = type::v1::ROLE_SERVICE});
  EXPECT_EQ(signer_->Sign(caller).status().code(), StatusCode::kInternal);
  caller = Headteacher();
  caller.trust = "birch";
  EXPECT_FALSE(signer_->Sign(caller).ok());
  EXPECT_FALSE(signer_->Sign(Caller{}).ok());
  caller = Headteacher();
  caller.grants.assign(kMaxGrants + 1, caller.grants[2]);
  EXPECT_FALSE(signer_->Sign(caller).ok());
  caller.grants.assign(90, {.role = type::v1::ROLE_TEACHER, .schools = {std::string(63, 's')}});
  EXPECT_FALSE(signer_->Sign(caller).ok()) << "longer than a token may be";
}

TEST_F(TokenTest, ExpiresWithLeeway) {
  const std::string token = signer_->Sign(Headteacher()).value();
  EXPECT_TRUE(verifier_->Verify(token).ok());
  now_ = kNow + absl::Minutes(5) + absl::Seconds(29);
  EXPECT_TRUE(verifier_->Verify(token).ok());
  now_ = kNow + absl::Minutes(5) + absl::Seconds(30);
  const absl::Status late = verifier_->Verify(token).status();
  EXPECT_EQ(late.code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(status::ReasonOf(late), status::Reason::kInvalidToken);
}

TEST_F(TokenTest, IsNotValidBeforeItsTime) {
  const std::string token = signer_->Sign(Headteacher()).value();
  now_ = kNow - absl::Seconds(30);
  EXPECT_TRUE(verifier_->Verify(token).ok());
  now_ = kNow - absl::Seconds(31);
  EXPECT_EQ(NewVerifier()->Verify(token).status().code(), StatusCode::kUnauthenticated);
}

TEST_F(TokenTest, IsOnlyForItsAudienceAndIssuer) {
  auto other_audience = TokenSigner::Open(path_, {.audience = "others",
                                                  .clock =
                                                      [this] {
                                                        return now_;
                                                      }})
                            .value();
  auto other_issuer = TokenSigner::Open(path_, {.issuer = "somebody",
                                                .clock =
                                                    [this] {
                                                      return now_;
                                                    }})
                          .value();
  EXPECT_EQ(CodeOf(other_audience->Sign(Headteacher()).value()), StatusCode::kUnauthenticated);
  EXPECT_EQ(CodeOf(other_issuer->Sign(Headteacher()).value()), StatusCode::kUnauthenticated);
}

TEST_F(TokenTest, EveryChangedCharacterIsRefused) {
  const std::string token = signer_->Sign(Headteacher()).value();
  ASSERT_TRUE(verifier_->Verify(token).ok());
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(CodeOf(changed), StatusCode::kUnauthenticated) << i;
  }
  for (const std::string& text :
       {std::string(), std::string("x"), token + "A", token.substr(1), std::string(kMaxTokenBytes + 1, 'a'), "Bearer " + token}) {
    EXPECT_EQ(CodeOf(text), StatusCode::kUnauthenticated);
  }
}

// What the signer would never sign, signed with a good key.
class ForgedClaimsTest : public TokenTest {
 protected:
  ForgedClaimsTest() { EXPECT_TRUE(keys_->Set(key_.Jwks()).ok()); }

  static Json Good() {
    return {{"iss", "fivestrand-gateway"},
            {"aud", "fivestrand"},
            {"sub", "trusts/acorn/people/p"},
            {"trust", "acorn"},
            {"iat", kNowSeconds},
            {"nbf", kNowSeconds},
            {"exp", kNowSeconds + 300},
            {"jti", "1"},
            {"grants", Json::array({Json::array({20})})}};
  }

  const TestKey key_;
};

TEST_F(ForgedClaimsTest, TakesTheGoodOne) {
  EXPECT_EQ(CodeOf(key_.Token(key_.Header(), Good())), StatusCode::kOk);
}

TEST_F(ForgedClaimsTest, NeedsEveryClaim) {
  for (const char* claim : {"iss", "aud", "sub", "trust", "iat", "nbf", "exp", "grants"}) {
    Json claims = Good();
    claims.erase(claim);
    EXPECT_EQ(CodeOf(key_.Token(key_.Header(), claims)), StatusCode::kUnauthenticated) << claim;
    for (const Json& wrong : {Json(nullptr), Json(true), Json(1.5), Json(-1), Json("x"), Json::array({"x"}), Json::object()}) {
      claims[claim] = wrong;
      const StatusCode code = CodeOf(key_.Token(key_.Header(), claims));
      const bool harmless = (std::string_view(claim) == "nbf" || std::string_view(claim) == "iat") && wrong == Json(-1);
      EXPECT_EQ(code, harmless ? StatusCode::kOk : StatusCode::kUnauthenticated) << claim << " " << wrong;
    }
  }
}

TEST_F(ForgedClaimsTest, RefusesTimesThatNoClockShows) {
  for (const char* claim : {"exp", "nbf", "iat"}) {
    for (const Json& wrong : {Json(UINT64_MAX), Json(INT64_MAX), Json(INT64_MIN), Json(int64_t{1} << 41)}) {
      Json claims = Good();
      claims[claim] = wrong;
      EXPECT_EQ(CodeOf(key_.Token(key_.Header(), claims)), StatusCode::kUnauthenticated) << claim << wrong;
    }
  }
}

TEST_F(ForgedClaimsTest, RefusesGrantsThatAreNone) {
  for (const char* grants :
       {"[[]]", "[1]", "[[\"20\"]]", "[[-1]]", "[[99999999999]]", "[[20,\"oak\"]]", "[[20,[1]]]", "[[20,[],[\"9\"]]]",
        "[[20,[],[],[1]]]", "[[20,[],[],[],[],\"x\"]]", "[[20,[],[],[],[],0,0,0]]", "[[0]]", "[[60]]", "[[61]]"}) {
    Json claims = Good();
    claims["grants"] = Json::parse(grants);
    EXPECT_EQ(CodeOf(key_.Token(key_.Header(), claims)), StatusCode::kUnauthenticated) << grants;
  }
  Json claims = Good();
  claims["grants"] = Json::array();
  for (size_t i = 0; i <= kMaxGrants; ++i) claims["grants"].push_back({20});
  EXPECT_EQ(CodeOf(key_.Token(key_.Header(), claims)), StatusCode::kUnauthenticated);
}

TEST_F(ForgedClaimsTest, RefusesSubjectsOfAnotherTrust) {
  Json claims = Good();
  claims["trust"] = "birch";
  EXPECT_EQ(CodeOf(key_.Token(key_.Header(), claims)), StatusCode::kUnauthenticated);
  claims["trust"] = "";
  EXPECT_EQ(CodeOf(key_.Token(key_.Header(), claims)), StatusCode::kUnauthenticated);
  claims["sub"] = "services/gateway";
  claims["grants"] = Json::array({Json::array({60})});
  EXPECT_EQ(CodeOf(key_.Token(key_.Header(), claims)), StatusCode::kOk);
}

TEST_F(ForgedClaimsTest, RefusesTokensOfAnotherType) {
  for (const Json& type : {Json("JWT"), Json(""), Json(nullptr), Json("at+jwt")}) {
    Json header = key_.Header();
    header["typ"] = type;
    EXPECT_EQ(CodeOf(key_.Token(header, Good())), StatusCode::kUnauthenticated) << type;
  }
  Json header = key_.Header();
  header.erase("kid");
  EXPECT_EQ(CodeOf(key_.Token(header, Good())), StatusCode::kUnauthenticated) << "without kid";
}

TEST_F(ForgedClaimsTest, RefusesOtherAlgorithms) {
  Json header = key_.Header();
  header["alg"] = "HS256";
  EXPECT_EQ(CodeOf(HmacToken(header.dump(), Good().dump(), key_.PublicBytes())), StatusCode::kUnauthenticated);
  header["alg"] = "none";
  EXPECT_EQ(CodeOf(Encoded(header.dump(), Good().dump()) + "."), StatusCode::kUnauthenticated);
}

TEST_F(TokenTest, UnknownKeyAsksForNewKeysOnce) {
  const TestKey stranger;
  EXPECT_EQ(CodeOf(stranger.Token(stranger.Header(), Json::object())), StatusCode::kUnauthenticated);
  EXPECT_EQ(source_->requests(), 1);
  std::string tampered = signer_->Sign(Headteacher()).value();
  tampered.back() = tampered.back() == 'A' ? 'Q' : 'A';
  EXPECT_EQ(CodeOf(tampered), StatusCode::kUnauthenticated);
  EXPECT_EQ(source_->requests(), 1) << "a known key is no reason to fetch";
}

TEST_F(TokenTest, BeforeAnyKeysItIsUnavailable) {
  auto verifier = TokenVerifier::Create(std::make_shared<CountingKeySource>(NewMemoryKeySource()), {.clock = [this] {
                                          return now_;
                                        }});
  const absl::Status status = verifier->Verify(signer_->Sign(Headteacher()).value()).status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_TRUE(status::RetryAfter(status).has_value());
}

TEST_F(TokenTest, RotationIsSeamless) {
  const std::string old_token = signer_->Sign(Headteacher()).value();
  const std::string old_kid = signer_->kid();
  const auto keys_before = KeySet::Parse(signer_->Jwks()).value();
  ASSERT_TRUE(RotateKeyFile(path_).ok());
  ASSERT_TRUE(signer_->Reload().ok());
  EXPECT_NE(signer_->kid(), old_kid);
  EXPECT_TRUE(keys_before->Contains(signer_->kid())) << "verifiers knew the new key before it signed";
  const std::string new_token = signer_->Sign(Headteacher()).value();
  EXPECT_TRUE(verifier_->Verify(new_token).ok()) << "a verifier that has not fetched yet";

  ASSERT_TRUE(keys_->Set(signer_->Jwks()).ok());
  EXPECT_TRUE(verifier_->Verify(old_token).ok()) << "tokens of the old key stay valid until they expire";
  EXPECT_TRUE(verifier_->Verify(new_token).ok());
  now_ += absl::Minutes(6);
  EXPECT_FALSE(verifier_->Verify(old_token).ok());

  ASSERT_TRUE(RotateKeyFile(path_).ok());
  ASSERT_TRUE(signer_->Reload().ok());
  EXPECT_FALSE(KeySet::Parse(signer_->Jwks()).value()->Contains(old_kid)) << "two rotations later the old key is gone";
}

TEST_F(TokenTest, AWithdrawnKeyIsForgottenAtOnce) {
  const std::string token = signer_->Sign(Headteacher()).value();
  ASSERT_TRUE(verifier_->Verify(token).ok());
  ASSERT_TRUE(keys_->Set(TestKey().Jwks()).ok());
  EXPECT_EQ(CodeOf(token), StatusCode::kUnauthenticated);
}

TEST_F(TokenTest, RemembersVerifiedTokensUpToTheCapacity) {
  auto verifier = NewVerifier(2);
  const std::string a = signer_->Sign(Headteacher()).value();
  const std::string b = signer_->Sign(Headteacher()).value();
  const std::string c = signer_->Sign(Headteacher()).value();
  const auto first = verifier->Verify(a).value();
  EXPECT_EQ(verifier->Verify(a).value(), first) << "the same object: it was not verified again";
  ASSERT_TRUE(verifier->Verify(b).ok());
  EXPECT_EQ(verifier->Verify(a).value(), first);
  const auto second = verifier->Verify(b).value();
  ASSERT_TRUE(verifier->Verify(a).ok());
  ASSERT_TRUE(verifier->Verify(c).ok());
  EXPECT_EQ(verifier->Verify(a).value(), first) << "the longest unused one made room";
  EXPECT_NE(verifier->Verify(b).value(), second);
  auto none = NewVerifier(0);
  EXPECT_NE(none->Verify(a).value(), none->Verify(a).value());
}

TEST_F(TokenTest, VerifiesFromManyThreadsWhileKeysChange) {
  const std::string token = signer_->Sign(Headteacher()).value();
  auto verifier = NewVerifier(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 300; ++i) {
        EXPECT_TRUE(verifier->Verify(token).ok());
        EXPECT_TRUE(verifier->Verify(signer_->Sign(Headteacher()).value()).ok());
      }
    });
  }
  threads.emplace_back([&] {
    Json keys = Json::parse(signer_->Jwks());
    for (int i = 0; i < 100; ++i) {
      keys["keys"].push_back(TestKey().Jwk());
      EXPECT_TRUE(keys_->Set(keys.dump()).ok() || keys["keys"].size() > 100);
      if (keys["keys"].size() > 50) keys["keys"].erase(2);
    }
  });
  for (auto& thread : threads) thread.join();
}

TEST_F(TokenTest, KeyFileIsPrivateAndNeverOverwritten) {
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(GenerateKeyFile(path_).code(), StatusCode::kAlreadyExists);
  ASSERT_TRUE(signer_->Reload().ok());
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_EQ(TokenSigner::Open(path_, {}).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(RotateKeyFile(path_).code(), StatusCode::kFailedPrecondition);
}

TEST_F(TokenTest, RefusesOtherKeyFiles) {
  const std::string other = folder_.File("other.pem");
  EXPECT_EQ(TokenSigner::Open(other, {}).status().code(), StatusCode::kNotFound);
  const auto code = [&](std::string_view content) {
    std::ofstream(other, std::ios::trunc) << content;
    EXPECT_EQ(chmod(other.c_str(), 0600), 0);
    return TokenSigner::Open(other, {}).status().code();
  };
  EXPECT_EQ(code(""), StatusCode::kDataLoss);
  EXPECT_EQ(code("nonsense"), StatusCode::kDataLoss);
  std::ifstream good(path_);
  const std::string pem{std::istreambuf_iterator<char>(good), {}};
  EXPECT_EQ(code(pem), StatusCode::kOk);
  EXPECT_EQ(code(pem.substr(0, pem.size() - 40)), StatusCode::kDataLoss);
}

TEST_F(TokenTest, JwksHoldsNoPrivateKey) {
  const Json jwks = Json::parse(signer_->Jwks());
  ASSERT_EQ(jwks["keys"].size(), 2u);
  for (const Json& key : jwks["keys"]) {
    EXPECT_EQ(key.size(), 6u);
    EXPECT_FALSE(key.contains("d"));
    EXPECT_EQ(key["kid"], ThumbprintOf(crypto::FromBase64Url(key["x"].get<std::string>()).value()));
  }
}

}  // namespace
}  // namespace fivestrand::identity
