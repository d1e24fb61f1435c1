#include "platform/identity/jws.h"

#include <algorithm>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "nlohmann/json.hpp"

#include "platform/crypto/encoding.h"
#include "platform/identity/keys.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::identity {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxJwksBytes = 256 * 1024;
constexpr size_t kMaxKeys = 100;
constexpr size_t kMaxKidBytes = 200;
constexpr size_t kEs256Bytes = 64;

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

struct KeyEntry {
  std::string kid;
  PublicKey key;
};

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<JwsAlgorithm> AlgorithmOf(const std::string& name) {
  if (name == "EdDSA") return JwsAlgorithm::kEdDsa;
  if (name == "RS256") return JwsAlgorithm::kRs256;
  if (name == "ES256") return JwsAlgorithm::kEs256;
  return std::nullopt;
}

// JWS writes an ECDSA signature as r and s side by side; OpenSSL reads DER.
std::optional<std::string> DerFromRaw(std::string_view raw) {
  if (raw.size() != kEs256Bytes) return std::nullopt;
  const std::unique_ptr<ECDSA_SIG, FreeSignature> signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(Bytes(raw), kEs256Bytes / 2, nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(raw) + kEs256Bytes / 2, kEs256Bytes / 2, nullptr);
  if (signature == nullptr || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &der);
  if (length <= 0) return std::nullopt;
  std::string text(reinterpret_cast<const char*>(der), static_cast<size_t>(length));
  OPENSSL_free(der);
  return text;
}

bool SignatureHolds(const PublicKey& key, std::string_view signed_part, std::string_view signature) {
  std::optional<std::string> der;
  if (key.algorithm == JwsAlgorithm::kEs256) {
    der = DerFromRaw(signature);
    if (!der.has_value()) return false;
    signature = *der;
  }
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  // Ed25519 hashes by itself. The default padding of RSA is PKCS #1 v1.5, as RS256 wants.
  const EVP_MD* digest = key.algorithm == JwsAlgorithm::kEdDsa ? nullptr : EVP_sha256();
  return context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(signed_part), signed_part.size()) == 1;
}

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_part;
};

std::optional<Parts> Split(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

Json HeaderOf(const Parts& parts) {
  const auto text = crypto::FromBase64Url(parts.header);
  return text.has_value() ? ParseObject(*text) : Json();
}

std::string KidOf(const Json& header) {
  std::string kid = TextMember(header, "kid");
  return kid.size() <= kMaxKidBytes ? kid : std::string();
}

std::string NormalType(std::string type) {
  absl::AsciiStrToLower(&type);
  constexpr std::string_view kPrefix = "application/";
  return type.starts_with(kPrefix) ? type.substr(kPrefix.size()) : type;
}

absl::Status Refused(const char* why) {
  return status::Unauthenticated(why);
}

}  // namespace

struct KeySet::Keys {
  std::vector<KeyEntry> entries;
};

// Reads the keys of a set; a struct so that the header need not show them.
struct JwsVerification {
  // A kid may name keys of several kinds; the algorithm decides.
  static const PublicKey* Find(const KeySet& set, std::string_view kid, JwsAlgorithm algorithm) {
    const auto& entries = set.keys_->entries;
    if (kid.empty()) return entries.size() == 1 && entries[0].key.algorithm == algorithm ? &entries[0].key : nullptr;
    for (const KeyEntry& entry : entries) {
      if (entry.kid == kid && entry.key.algorithm == algorithm) return &entry.key;
    }
    return nullptr;
  }
};

KeySet::KeySet(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
KeySet::~KeySet() = default;

absl::StatusOr<std::shared_ptr<const KeySet>> KeySet::Parse(std::string_view jwks_json) {
  if (jwks_json.size() > kMaxJwksBytes) return absl::InvalidArgumentError("the key set is too long");
  const Json json = ParseObject(jwks_json);
  const auto list = json.find("keys");
  if (list == json.end() || !list->is_array()) return absl::InvalidArgumentError("not a JSON Web Key Set");
  if (list->size() > kMaxKeys) return absl::InvalidArgumentError("the key set has too many keys");
  auto keys = std::make_unique<Keys>();
  for (const Json& jwk : *list) {
    if (!jwk.is_object()) return absl::InvalidArgumentError("the key set holds something that is no key");
    FIVESTRAND_ASSIGN_OR_RETURN(std::optional<PublicKey> key, KeyFromJwk(jwk));
    if (key.has_value()) keys->entries.push_back({TextMember(jwk, "kid"), *std::move(key)});
  }
  return std::shared_ptr<const KeySet>(new KeySet(std::move(keys)));
}

bool KeySet::Contains(std::string_view kid) const {
  return std::any_of(keys_->entries.begin(), keys_->entries.end(), [kid](const KeyEntry& entry) { return entry.kid == kid; });
}

size_t KeySet::size() const {
  return keys_->entries.size();
}

std::string UnverifiedKid(std::string_view token) {
  const std::optional<Parts> parts = Split(token);
  return parts.has_value() ? KidOf(HeaderOf(*parts)) : std::string();
}

absl::StatusOr<VerifiedJws> VerifyJws(std::string_view token, const KeySet& keys, absl::Span<const JwsAlgorithm> allowed,
                                      size_t max_bytes) {
  if (token.size() > max_bytes) return Refused("the token is too long");
  const std::optional<Parts> parts = Split(token);
  if (!parts.has_value()) return Refused("the token is not a signed token");
  const Json header = HeaderOf(*parts);
  if (header.is_null()) return Refused("the token has no readable header");
  // Every extension in crit must be understood, and none is.
  if (header.contains("crit")) return Refused("the token asks for an unknown extension");
  const std::optional<JwsAlgorithm> algorithm = AlgorithmOf(TextMember(header, "alg"));
  if (!algorithm.has_value() || std::find(allowed.begin(), allowed.end(), *algorithm) == allowed.end()) {
    return Refused("the token is signed in a way that is not accepted");
  }
  VerifiedJws jws;
  jws.kid = KidOf(header);
  const PublicKey* key = JwsVerification::Find(keys, jws.kid, *algorithm);
  if (key == nullptr) return Refused("the token is not signed by a known key");
  const std::optional<std::string> signature = crypto::FromBase64Url(parts->signature);
  if (!signature.has_value() || !SignatureHolds(*key, parts->signed_part, *signature))
    return Refused("the signature does not hold");
  std::optional<std::string> payload = crypto::FromBase64Url(parts->payload);
  if (!payload.has_value()) return Refused("the token has no readable payload");
  jws.payload = *std::move(payload);
  jws.type = NormalType(TextMember(header, "typ"));
  return jws;
}

}  // namespace fivestrand::identity
