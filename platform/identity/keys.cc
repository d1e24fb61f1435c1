#include "platform/identity/keys.h"

#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <utility>

#include "nlohmann/json.hpp"

#include "platform/crypto/encoding.h"

namespace fivestrand::identity {
namespace {

using Json = nlohmann::json;
using OptionalKey = std::optional<PublicKey>;

constexpr size_t kEd25519Bytes = 32;
constexpr size_t kP256CoordinateBytes = 32;
constexpr int kMinRsaBits = 2048;
// Verifying with an absurd modulus would let a key set burn processor time.
constexpr size_t kMaxRsaBytes = 1024;

struct FreeContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
struct FreeBuilder {
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
};
struct FreeParams {
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreeBuilder>;
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

absl::Status Damaged(const char* kind) {
  return absl::InvalidArgumentError(std::string("a key set holds a damaged ") + kind + " key");
}

Pkey FromParams(const char* kind, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, FreeParams> params(OSSL_PARAM_BLD_to_param(builder));
  const std::unique_ptr<EVP_PKEY_CTX, FreeContext> context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  Pkey owned(key);
  const std::unique_ptr<EVP_PKEY_CTX, FreeContext> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
  return owned;
}

absl::StatusOr<OptionalKey> Ed25519FromJwk(const Json& jwk) {
  const auto x = crypto::FromBase64Url(TextMember(jwk, "x"));
  if (!x.has_value() || x->size() != kEd25519Bytes) return Damaged("Ed25519");
  Pkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(*x), x->size()));
  if (key == nullptr) return Damaged("Ed25519");
  return PublicKey{JwsAlgorithm::kEdDsa, std::move(key)};
}

absl::StatusOr<OptionalKey> P256FromJwk(const Json& jwk) {
  const auto x = crypto::FromBase64Url(TextMember(jwk, "x"));
  const auto y = crypto::FromBase64Url(TextMember(jwk, "y"));
  if (!x.has_value() || !y.has_value() || x->size() != kP256CoordinateBytes || y->size() != kP256CoordinateBytes)
    return Damaged("P-256");
  const std::string point = '\x04' + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return Damaged("P-256");
  }
  Pkey key = FromParams("EC", builder.get());
  if (key == nullptr) return Damaged("P-256");
  return PublicKey{JwsAlgorithm::kEs256, std::move(key)};
}

absl::StatusOr<OptionalKey> RsaFromJwk(const Json& jwk) {
  const auto n = crypto::FromBase64Url(TextMember(jwk, "n"));
  const auto e = crypto::FromBase64Url(TextMember(jwk, "e"));
  if (!n.has_value() || !e.has_value() || n->size() > kMaxRsaBytes || e->empty() || e->size() > 8) return Damaged("RSA");
  const Number modulus(BN_bin2bn(Bytes(*n), static_cast<int>(n->size()), nullptr));
  const Number exponent(BN_bin2bn(Bytes(*e), static_cast<int>(e->size()), nullptr));
  if (modulus == nullptr || exponent == nullptr) return Damaged("RSA");
  if (BN_num_bits(modulus.get()) < kMinRsaBits) return OptionalKey();
  const Builder builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return Damaged("RSA");
  }
  Pkey key = FromParams("RSA", builder.get());
  if (key == nullptr) return Damaged("RSA");
  return PublicKey{JwsAlgorithm::kRs256, std::move(key)};
}

// Whether the JWK says that it is for something else than verifying with `algorithm`.
bool MeantForOther(const Json& jwk, std::string_view algorithm) {
  const std::string use = TextMember(jwk, "use");
  if (!use.empty() && use != "sig") return true;
  const std::string alg = TextMember(jwk, "alg");
  if (!alg.empty() && alg != algorithm) return true;
  const auto operations = jwk.find("key_ops");
  return operations != jwk.end() && std::find(operations->begin(), operations->end(), "verify") == operations->end();
}

}  // namespace

void FreePkey::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

Json ParseObject(std::string_view text) {
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json();
}

std::string TextMember(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

absl::StatusOr<OptionalKey> KeyFromJwk(const Json& jwk) {
  const std::string kty = TextMember(jwk, "kty");
  const std::string crv = TextMember(jwk, "crv");
  if (kty == "OKP" && crv == "Ed25519" && !MeantForOther(jwk, "EdDSA")) return Ed25519FromJwk(jwk);
  if (kty == "EC" && crv == "P-256" && !MeantForOther(jwk, "ES256")) return P256FromJwk(jwk);
  if (kty == "RSA" && !MeantForOther(jwk, "RS256")) return RsaFromJwk(jwk);
  return OptionalKey();
}

std::string ThumbprintOf(std::string_view ed25519_public_key) {
  // Member order and the lack of spaces are part of the definition.
  return crypto::Base64Url(Sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + crypto::Base64Url(ed25519_public_key) + "\"}"));
}

Json JwkOf(std::string_view ed25519_public_key) {
  return {{"kty", "OKP"},
          {"crv", "Ed25519"},
          {"use", "sig"},
          {"alg", "EdDSA"},
          {"kid", ThumbprintOf(ed25519_public_key)},
          {"x", crypto::Base64Url(ed25519_public_key)}};
}

std::string Sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(Bytes(bytes), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace fivestrand::identity
