#include <algorithm>
#include <mutex>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "platform/crypto/encoding.h"
#include "platform/crypto/secret.h"
#include "platform/crypto/secret_file.h"
#include "platform/identity/claims.h"
#include "platform/identity/keys.h"
#include "platform/identity/token.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::identity {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxFileKeys = 10;
constexpr size_t kSignatureBytes = 64;
constexpr size_t kPublicKeyBytes = 32;
constexpr size_t kTokenIdBytes = 16;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct SigningKeys {
  std::vector<Pkey> keys;
  std::string kid;
  // Encoded header, the same for every token of the first key.
  std::string header;
  std::string jwks;
};

std::string PublicBytes(EVP_PKEY* key) {
  std::string bytes(kPublicKeyBytes, '\0');
  size_t length = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(bytes.data()), &length) != 1 || length != bytes.size())
    return {};
  return bytes;
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(absl::StrCat(path, " is not a file of Ed25519 private keys"));
}

absl::StatusOr<std::vector<Pkey>> ParsePem(std::string_view pem, const std::string& path) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // Without it OpenSSL would ask the terminal for the passphrase of an encrypted key.
  const auto no_passphrase = [](char*, int, int, void*) {
    return -1;
  };
  std::vector<Pkey> keys;
  while (bio != nullptr && BIO_pending(bio.get()) > 0) {
    Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    if (key == nullptr || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519 || keys.size() == kMaxFileKeys) return Damaged(path);
    keys.push_back(std::move(key));
  }
  if (keys.empty()) return Damaged(path);
  return keys;
}

absl::Status AppendPem(EVP_PKEY* key, std::string* out) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || key == nullptr || PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return absl::InternalError("cannot write a private key");
  }
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  out->append(data, static_cast<size_t>(length));
  return absl::OkStatus();
}

Pkey NewKey() {
  return Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

absl::StatusOr<std::shared_ptr<const SigningKeys>> LoadKeys(const std::string& path, const std::string& key_prefix) {
  FIVESTRAND_ASSIGN_OR_RETURN(std::string pem, crypto::ReadSecretFile(path));
  const absl::Cleanup wipe = [&] {
    crypto::WipeText(&pem);
  };
  auto loaded = std::make_shared<SigningKeys>();
  FIVESTRAND_ASSIGN_OR_RETURN(loaded->keys, ParsePem(pem, path));
  Json list = Json::array();
  for (const Pkey& key : loaded->keys) {
    Json jwk = JwkOf(PublicBytes(key.get()));
    jwk["kid"] = absl::StrCat(key_prefix, jwk["kid"].get<std::string>());
    list.push_back(std::move(jwk));
  }
  loaded->kid = list[0]["kid"].get<std::string>();
  loaded->header = crypto::Base64Url(Json({{"alg", "EdDSA"}, {"kid", loaded->kid}, {"typ", kTokenType}}).dump());
  loaded->jwks = Json({{"keys", std::move(list)}}).dump();
  return std::shared_ptr<const SigningKeys>(std::move(loaded));
}

class FileTokenSigner : public TokenSigner {
 public:
  FileTokenSigner(std::string path, SignerOptions options, std::shared_ptr<const SigningKeys> keys)
      : path_(std::move(path)), options_(std::move(options)), keys_(std::move(keys)) {}

  absl::StatusOr<std::string> Sign(const Caller& caller) const override {
    const absl::Time now = options_.clock();
    Claims claims{.issuer = options_.issuer, .audience = options_.audience, .issued = now, .not_before = now, .caller = caller};
    auto& grants = claims.caller.grants;
    grants.erase(std::remove_if(grants.begin(), grants.end(), [now](const Grant& grant) { return grant.end <= now; }),
                 grants.end());
    if (!WellFormed(claims.caller)) return status::Internal("asked to sign a token for a caller that breaks the rules of callers");
    if (grants.size() > kMaxGrants) return status::Internal("asked to sign a token with too many grants");
    claims.caller.expires = now + options_.lifetime;
    if (caller.expires != absl::Time() && caller.expires < claims.caller.expires) claims.caller.expires = caller.expires;
    FIVESTRAND_ASSIGN_OR_RETURN(claims.caller.token_id, NewTokenId());

    const std::shared_ptr<const SigningKeys> keys = Current();
    std::string token = absl::StrCat(keys->header, ".", crypto::Base64Url(WriteClaims(claims)));
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string signature, SignatureOf(keys->keys[0].get(), token));
    absl::StrAppend(&token, ".", crypto::Base64Url(signature));
    if (token.size() > kMaxTokenBytes) return status::Internal("a caller's grants do not fit into a token");
    return token;
  }

  std::string Jwks() const override { return Current()->jwks; }
  std::string kid() const override { return Current()->kid; }

  absl::Status Reload() override {
    FIVESTRAND_ASSIGN_OR_RETURN(std::shared_ptr<const SigningKeys> keys, LoadKeys(path_, options_.key_prefix));
    std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
    return absl::OkStatus();
  }

 private:
  static absl::StatusOr<std::string> NewTokenId() {
    unsigned char bytes[kTokenIdBytes];
    if (RAND_bytes(bytes, sizeof(bytes)) != 1) return status::Internal("no randomness");
    return crypto::Base64Url(std::string_view(reinterpret_cast<const char*>(bytes), sizeof(bytes)));
  }

  static absl::StatusOr<std::string> SignatureOf(EVP_PKEY* key, std::string_view text) {
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
    std::string signature(kSignatureBytes, '\0');
    size_t length = signature.size();
    if (context == nullptr || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
      return status::Internal("cannot sign a token");
    }
    return signature;
  }

  std::shared_ptr<const SigningKeys> Current() const {
    std::lock_guard lock(mutex_);
    return keys_;
  }

  const std::string path_;
  const SignerOptions options_;
  mutable std::mutex mutex_;
  std::shared_ptr<const SigningKeys> keys_;
};

}  // namespace

absl::Status GenerateKeyFile(const std::string& path) {
  std::string pem;
  const absl::Cleanup wipe = [&] {
    crypto::WipeText(&pem);
  };
  FIVESTRAND_RETURN_IF_ERROR(AppendPem(NewKey().get(), &pem));
  FIVESTRAND_RETURN_IF_ERROR(AppendPem(NewKey().get(), &pem));
  return crypto::CreateSecretFile(path, pem);
}

absl::Status RotateKeyFile(const std::string& path) {
  return crypto::ChangeSecretFile(path, [&](std::string_view before) -> absl::StatusOr<std::string> {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<Pkey> keys, ParsePem(before, path));
    const Pkey fresh = NewKey();
    // A file with a single key, made elsewhere, has no successor yet.
    const Pkey stand_in = keys.size() == 1 ? NewKey() : nullptr;
    std::string after;
    for (EVP_PKEY* key : {keys.size() == 1 ? stand_in.get() : keys[1].get(), fresh.get(), keys[0].get()}) {
      FIVESTRAND_RETURN_IF_ERROR(AppendPem(key, &after));
    }
    return after;
  });
}

absl::StatusOr<std::unique_ptr<TokenSigner>> TokenSigner::Open(const std::string& key_file, SignerOptions options) {
  FIVESTRAND_ASSIGN_OR_RETURN(std::shared_ptr<const SigningKeys> keys, LoadKeys(key_file, options.key_prefix));
  return std::unique_ptr<TokenSigner>(std::make_unique<FileTokenSigner>(key_file, std::move(options), std::move(keys)));
}

}  // namespace fivestrand::identity
