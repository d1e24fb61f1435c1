// What the key of a service may sign, and what it may not.
#include "platform/identity/service_keys.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "fivestrand/type/v1/role.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/crypto/temporary_folder.h"
#include "platform/identity/claims.h"
#include "platform/identity/test_keys.h"
#include "platform/identity/token.h"
#include "platform/status/status.h"

namespace fivestrand::identity {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

absl::Time Now() {
  return kNow;
}

Caller Service(const std::string& name) {
  Caller caller;
  caller.subject = "services/" + name;
  caller.expires = absl::InfiniteFuture();
  caller.grants.emplace_back().role = type::v1::ROLE_SERVICE;
  return caller;
}

// The JWKS of a key under the id that is given.
std::string JwksUnder(const TestKey& key, const std::string& kid) {
  Json jwk = key.Jwk();
  jwk["kid"] = kid;
  return Json({{"keys", {jwk}}}).dump();
}

class ServiceKeysTest : public ::testing::Test {
 protected:
  ServiceKeysTest() {
    EXPECT_TRUE(GenerateKeyFile(folder_.File("gateway.pem")).ok());
    gateway_ = TokenSigner::Open(folder_.File("gateway.pem"), {.clock = &Now}).value();
    EXPECT_TRUE(main_->Set(gateway_->Jwks()).ok());
    cpd_ = SignerOf("cpd");
    EXPECT_TRUE(services_->Set("cpd", cpd_->Jwks()).ok());
    verifier_ = TokenVerifier::Create(main_, {.service_keys = services_, .clock = &Now});
  }

  std::unique_ptr<TokenSigner> SignerOf(const std::string& service) {
    const std::string path = folder_.File(service + ".pem");
    EXPECT_TRUE(GenerateKeyFile(path).ok());
    return TokenSigner::Open(path, {.key_prefix = ServiceKeyPrefix(service), .clock = &Now}).value();
  }
  // Whether a token with these claims is let in, signed by `key` under `kid`.
  absl::Status Verify(const TestKey& key, const std::string& kid, const Caller& caller) {
    Claims claims{
        .issuer = "fivestrand-gateway", .audience = std::string(kAudience), .issued = kNow, .not_before = kNow, .caller = caller};
    claims.caller.expires = kNow + absl::Minutes(5);
    claims.caller.token_id = "id";
    Json header = key.Header();
    header["kid"] = kid;
    return verifier_->Verify(key.Token(header, Json::parse(WriteClaims(claims)))).status();
  }

  crypto::TemporaryFolder folder_;
  std::unique_ptr<TokenSigner> gateway_, cpd_;
  std::shared_ptr<MemoryKeySource> main_ = NewMemoryKeySource();
  std::shared_ptr<ServiceKeys> services_ = NewServiceKeys();
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(ServiceKeysTest, AServiceSignsForItself) {
  const auto caller = verifier_->Verify(cpd_->Sign(Service("cpd")).value());
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ((*caller)->subject, "services/cpd");
  EXPECT_TRUE((*caller)->IsService());
}

TEST_F(ServiceKeysTest, AndForNobodyElse) {
  EXPECT_TRUE(absl::IsUnauthenticated(verifier_->Verify(cpd_->Sign(Service("welfare")).value()).status()));
  EXPECT_TRUE(absl::IsUnauthenticated(verifier_->Verify(cpd_->Sign(Service("gateway")).value()).status()));

  Caller person;
  person.subject = "trusts/acorn/people/helen";
  person.trust = "acorn";
  person.grants.emplace_back().role = type::v1::ROLE_CEO;
  EXPECT_TRUE(absl::IsUnauthenticated(verifier_->Verify(cpd_->Sign(person).value()).status()));
  EXPECT_TRUE(verifier_->Verify(gateway_->Sign(person).value()).ok()) << "which the gateway may";

  Caller with_a_role = Service("cpd");
  with_a_role.grants.emplace_back().role = type::v1::ROLE_CEO;
  EXPECT_TRUE(absl::IsUnauthenticated(verifier_->Verify(cpd_->Sign(with_a_role).value()).status()));

  Caller an_operator;
  an_operator.subject = "operators/cli";
  an_operator.grants.emplace_back().role = type::v1::ROLE_OPERATOR;
  EXPECT_TRUE(absl::IsUnauthenticated(verifier_->Verify(cpd_->Sign(an_operator).value()).status()));
}

TEST_F(ServiceKeysTest, TheIdOfAKeyIsNoWayRound) {
  const TestKey key;
  const std::string own = ServiceKeyPrefix("welfare") + key.kid();
  ASSERT_TRUE(services_->Set("welfare", JwksUnder(key, own)).ok());
  EXPECT_TRUE(Verify(key, own, Service("welfare")).ok());
  // Under the id of another's key the signature does not hold, and without a bound id it is looked for among the gateway's.
  EXPECT_TRUE(absl::IsUnauthenticated(Verify(key, cpd_->kid(), Service("cpd"))));
  EXPECT_TRUE(absl::IsUnauthenticated(Verify(key, key.kid(), Service("welfare"))));
  EXPECT_TRUE(absl::IsUnauthenticated(Verify(key, gateway_->kid(), Service("welfare"))));
  // Nor does a key of the gateway's set count as a service's because its id looks so.
  const TestKey other;
  ASSERT_TRUE(main_->Set(JwksUnder(other, ServiceKeyPrefix("welfare") + "x")).ok());
  EXPECT_TRUE(absl::IsUnauthenticated(Verify(other, ServiceKeyPrefix("welfare") + "x", Service("welfare"))));
}

TEST_F(ServiceKeysTest, TakesNoKeyThatIsNotBoundToTheService) {
  const TestKey key;
  EXPECT_TRUE(absl::IsInvalidArgument(services_->Set("welfare", JwksUnder(key, key.kid()))));
  EXPECT_TRUE(absl::IsInvalidArgument(services_->Set("welfare", JwksUnder(key, ServiceKeyPrefix("cpd") + "x"))));
  EXPECT_TRUE(absl::IsInvalidArgument(services_->Set("welfare", JwksUnder(key, "service/welfare/"))));
  EXPECT_TRUE(absl::IsInvalidArgument(services_->Set("welfare", "{}")));
  EXPECT_TRUE(verifier_->Verify(cpd_->Sign(Service("cpd")).value()).ok()) << "the others stay";
}

TEST_F(ServiceKeysTest, WithoutServiceKeysNoneIsLetIn) {
  const auto verifier = TokenVerifier::Create(main_, {.clock = &Now});
  EXPECT_TRUE(absl::IsUnauthenticated(verifier->Verify(cpd_->Sign(Service("cpd")).value()).status()));
  EXPECT_TRUE(verifier->Verify(gateway_->Sign(Service("cpd")).value()).ok());
}

TEST_F(ServiceKeysTest, ReadsADirectoryWhoseFilesNameTheServices) {
  const std::string directory = folder_.File("keys");
  ASSERT_TRUE(std::filesystem::create_directory(directory));
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(directory + "/" + name) << text;
  };
  const auto welfare = SignerOf("welfare");
  write("cpd.json", cpd_->Jwks());
  write("assessment.json", welfare->Jwks());
  write("notes.txt", "not looked at");
  const auto keys = NewServiceKeys(directory);
  EXPECT_TRUE(keys->Keys()->Contains(cpd_->kid()));
  EXPECT_FALSE(keys->Keys()->Contains(welfare->kid())) << "its file says that it is of another";
  EXPECT_THAT(std::string(keys->last_error().message()), HasSubstr("assessment"));

  write("welfare.json", welfare->Jwks());
  std::filesystem::remove(directory + "/assessment.json");
  const auto read_again = NewServiceKeys(directory);
  EXPECT_TRUE(read_again->Keys()->Contains(welfare->kid()));
  EXPECT_TRUE(read_again->last_error().ok()) << read_again->last_error();
}

}  // namespace
}  // namespace fivestrand::identity
