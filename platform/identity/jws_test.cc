#include "platform/identity/jws.h"

#include <string>

#include "gtest/gtest.h"

#include "platform/identity/test_keys.h"

namespace fivestrand::identity {
namespace {

using absl::StatusCode;
using Json = nlohmann::json;

constexpr JwsAlgorithm kAll[] = {JwsAlgorithm::kEdDsa, JwsAlgorithm::kRs256, JwsAlgorithm::kEs256};

// RFC 7515, appendix A.2 and A.3: the same payload, signed with RS256 and ES256.
constexpr char kJoePayload[] = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
constexpr char kJoeEncoded[] = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr char kRsaModulus[] =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_"
    "YpRPEwOWvG6b32690r2j"
    "Z47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_"
    "I5IhlJH7aGhyxXFvUK-DWN"
    "moudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
constexpr char kRsaSignature[] =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZ"
    "LgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
    "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr char kEcX[] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr char kEcY[] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr char kEcSignature[] = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
// RFC 8037, appendix A.
constexpr char kEdX[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
constexpr char kEdThumbprint[] = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
constexpr char kEdToken[] =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
    "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

Json RsaJwk() {
  return {{"kty", "RSA"}, {"n", kRsaModulus}, {"e", "AQAB"}};
}
Json EcJwk() {
  return {{"kty", "EC"}, {"crv", "P-256"}, {"x", kEcX}, {"y", kEcY}};
}
Json EdJwk() {
  return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", kEdX}};
}
std::string RsaToken() {
  return std::string("eyJhbGciOiJSUzI1NiJ9.") + kJoeEncoded + "." + kRsaSignature;
}
std::string EcToken() {
  return std::string("eyJhbGciOiJFUzI1NiJ9.") + kJoeEncoded + "." + kEcSignature;
}

std::shared_ptr<const KeySet> Set(Json keys) {
  return KeySet::Parse(Json{{"keys", std::move(keys)}}.dump()).value();
}
std::shared_ptr<const KeySet> One(Json key) {
  return Set(Json::array({std::move(key)}));
}

StatusCode CodeOf(std::string_view token, const KeySet& keys) {
  return VerifyJws(token, keys, kAll).status().code();
}

TEST(VerifyJws, HoldsTheVectorsOfTheStandards) {
  EXPECT_EQ(VerifyJws(RsaToken(), *One(RsaJwk()), kAll).value().payload, kJoePayload);
  EXPECT_EQ(VerifyJws(EcToken(), *One(EcJwk()), kAll).value().payload, kJoePayload);
  EXPECT_EQ(VerifyJws(kEdToken, *One(EdJwk()), kAll).value().payload, "Example of Ed25519 signing");
  EXPECT_EQ(ThumbprintOf(crypto::FromBase64Url(kEdX).value()), kEdThumbprint);
}

TEST(VerifyJws, EveryChangedCharacterIsRefused) {
  const auto rsa = One(RsaJwk());
  const auto ec = One(EcJwk());
  const auto ed = One(EdJwk());
  const std::pair<std::string, const KeySet*> tokens[] = {{RsaToken(), rsa.get()}, {EcToken(), ec.get()}, {kEdToken, ed.get()}};
  for (const auto& [token, keys] : tokens) {
    for (size_t i = 0; i < token.size(); ++i) {
      std::string changed = token;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      EXPECT_EQ(CodeOf(changed, *keys), StatusCode::kUnauthenticated) << i << " of " << token;
    }
  }
}

TEST(VerifyJws, AnyShorterOrLongerTokenIsRefused) {
  const auto keys = One(EdJwk());
  const std::string token = kEdToken;
  for (size_t length = 0; length < token.size(); ++length)
    EXPECT_FALSE(VerifyJws(token.substr(0, length), *keys, kAll).ok()) << length;
  for (const char* tail : {"A", "=", ".", ".x", "\n", "AAAA"}) EXPECT_FALSE(VerifyJws(token + tail, *keys, kAll).ok()) << tail;
  for (const char* text : {"", ".", "..", "...", "a.b", "a.b.c", "eyJhbGciOiJFZERTQSJ9..", "bnVsbA.e30.AA", "W10.e30.AA"}) {
    EXPECT_EQ(CodeOf(text, *keys), StatusCode::kUnauthenticated) << text;
  }
  EXPECT_FALSE(VerifyJws(token, *keys, kAll, token.size() - 1).ok());
  EXPECT_TRUE(VerifyJws(token, *keys, kAll, token.size()).ok());
}

TEST(VerifyJws, TakesOnlyTheAllowedAlgorithms) {
  constexpr JwsAlgorithm kEdOnly[] = {JwsAlgorithm::kEdDsa};
  EXPECT_FALSE(VerifyJws(RsaToken(), *One(RsaJwk()), kEdOnly).ok());
  EXPECT_FALSE(VerifyJws(EcToken(), *One(EcJwk()), kEdOnly).ok());
  EXPECT_FALSE(VerifyJws(kEdToken, *One(EdJwk()), {}).ok());
}

TEST(VerifyJws, RefusesNoneAndSharedSecrets) {
  const TestKey key;
  const auto keys = KeySet::Parse(key.Jwks()).value();
  for (const char* algorithm : {"none", "None", "NONE", "", "HS256", "HS512", "eddsa", "PS256", "RS512", "ES256K"}) {
    Json header = key.Header();
    header["alg"] = algorithm;
    EXPECT_FALSE(VerifyJws(Encoded(header.dump(), "{}") + ".", *keys, kAll).ok()) << algorithm;
    EXPECT_FALSE(VerifyJws(key.Token(header, Json::object()), *keys, kAll).ok()) << algorithm;
    // The public key as the secret of a MAC: the classic confusion.
    EXPECT_FALSE(VerifyJws(HmacToken(header.dump(), "{}", key.PublicBytes()), *keys, kAll).ok()) << algorithm;
  }
  Json header = key.Header();
  header.erase("alg");
  EXPECT_FALSE(VerifyJws(key.Token(header, Json::object()), *keys, kAll).ok());
  header["alg"] = 7;
  EXPECT_FALSE(VerifyJws(key.Token(header, Json::object()), *keys, kAll).ok());
  EXPECT_TRUE(VerifyJws(key.Token(key.Header(), Json::object()), *keys, kAll).ok());
}

TEST(VerifyJws, AKeyIsUsedOnlyWithItsOwnAlgorithm) {
  const TestKey key;
  const auto keys = KeySet::Parse(key.Jwks()).value();
  for (const char* algorithm : {"RS256", "ES256"}) {
    Json header = key.Header();
    header["alg"] = algorithm;
    EXPECT_FALSE(VerifyJws(key.Token(header, Json::object()), *keys, kAll).ok()) << algorithm;
  }
  EXPECT_FALSE(VerifyJws(RsaToken(), *One(EcJwk()), kAll).ok());
  EXPECT_FALSE(VerifyJws(EcToken(), *One(RsaJwk()), kAll).ok());
}

TEST(VerifyJws, TheHeadersOwnKeysAreIgnored) {
  const TestKey ours;
  const TestKey theirs;
  const auto keys = KeySet::Parse(ours.Jwks()).value();
  Json header = ours.Header();
  header["jwk"] = theirs.Jwk();
  header["jku"] = "https://attacker.example/jwks.json";
  EXPECT_FALSE(VerifyJws(theirs.Token(header, Json::object()), *keys, kAll).ok());
  EXPECT_FALSE(VerifyJws(theirs.Token(theirs.Header(), Json::object()), *keys, kAll).ok());
}

TEST(VerifyJws, RefusesUnknownExtensions) {
  const TestKey key;
  const auto keys = KeySet::Parse(key.Jwks()).value();
  for (const Json& crit : {Json::array({"b64"}), Json::array(), Json("exp")}) {
    Json header = key.Header();
    header["crit"] = crit;
    header["b64"] = false;
    EXPECT_FALSE(VerifyJws(key.Token(header, Json::object()), *keys, kAll).ok());
  }
}

TEST(VerifyJws, NeedsTheKidWhenThereAreSeveralKeys) {
  const TestKey a;
  const TestKey b;
  Json header = a.Header();
  header.erase("kid");
  const std::string token = a.Token(header, Json::object());
  EXPECT_TRUE(VerifyJws(token, *One(a.Jwk()), kAll).ok());
  EXPECT_FALSE(VerifyJws(token, *Set({a.Jwk(), b.Jwk()}), kAll).ok());
  const auto named = VerifyJws(a.Token(a.Header(), Json::object()), *Set({b.Jwk(), a.Jwk()}), kAll);
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->kid, a.kid());
  EXPECT_EQ(named->type, "fivestrand+jwt");
  EXPECT_EQ(UnverifiedKid(token), "");
  EXPECT_EQ(UnverifiedKid(a.Token(a.Header(), Json::object())), a.kid());
  EXPECT_EQ(UnverifiedKid("x"), "");
}

TEST(KeySet, LeavesOutWhatIsNotForVerifying) {
  Json encryption = EcJwk();
  encryption["use"] = "enc";
  Json other_algorithm = RsaJwk();
  other_algorithm["alg"] = "RS512";
  Json operations = EdJwk();
  operations["key_ops"] = {"sign"};
  Json weak = RsaJwk();
  weak["n"] = std::string(kRsaModulus, 200);
  const auto set = Set({encryption,
                        other_algorithm,
                        operations,
                        weak,
                        {{"kty", "oct"}, {"k", "AAAA"}},
                        {{"kty", "OKP"}, {"crv", "X25519"}, {"x", kEdX}},
                        {{"kty", "EC"}, {"crv", "P-384"}},
                        Json::object()});
  EXPECT_EQ(set->size(), 0u);
  EXPECT_FALSE(VerifyJws(kEdToken, *set, kAll).ok());
}

TEST(KeySet, RefusesDamage) {
  const auto code = [](Json keys) {
    return KeySet::Parse(Json{{"keys", std::move(keys)}}.dump()).status().code();
  };
  for (const char* text : {"", "{", "[]", "{}", "{\"keys\":{}}", "null", "{\"keys\":[1]}"}) {
    EXPECT_EQ(KeySet::Parse(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
  Json off_curve = EcJwk();
  off_curve["y"] = kEcX;
  EXPECT_EQ(code({off_curve}), StatusCode::kInvalidArgument);
  Json short_point = EcJwk();
  short_point["x"] = "AAAA";
  EXPECT_EQ(code({short_point}), StatusCode::kInvalidArgument);
  Json no_point = EdJwk();
  no_point.erase("x");
  EXPECT_EQ(code({no_point}), StatusCode::kInvalidArgument);
  Json no_exponent = RsaJwk();
  no_exponent.erase("e");
  EXPECT_EQ(code({no_exponent}), StatusCode::kInvalidArgument);
  Json huge = RsaJwk();
  huge["n"] = std::string(2000, 'z');
  EXPECT_EQ(code({huge}), StatusCode::kInvalidArgument);
  Json many = Json::array();
  for (int i = 0; i < 101; ++i) many.push_back(EdJwk());
  EXPECT_EQ(code(many), StatusCode::kInvalidArgument);
  EXPECT_EQ(KeySet::Parse(std::string(300'000, ' ')).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fivestrand::identity
