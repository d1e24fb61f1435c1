// Keys and hand-made tokens, so that tests can sign what the signer would refuse to.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_TEST_KEYS_H_
#define FIVESTRAND_PLATFORM_IDENTITY_TEST_KEYS_H_

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"

#include "platform/crypto/encoding.h"
#include "platform/identity/keys.h"

namespace fivestrand::identity {

inline std::string Encoded(std::string_view header, std::string_view payload) {
  return crypto::Base64Url(header) + "." + crypto::Base64Url(payload);
}

class TestKey {
 public:
  TestKey() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")) {}

  std::string PublicBytes() const {
    std::string bytes(32, '\0');
    size_t length = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &length);
    return bytes;
  }
  nlohmann::json Jwk() const { return JwkOf(PublicBytes()); }
  std::string Jwks() const { return nlohmann::json({{"keys", {Jwk()}}}).dump(); }
  std::string kid() const { return ThumbprintOf(PublicBytes()); }
  nlohmann::json Header() const { return {{"alg", "EdDSA"}, {"kid", kid()}, {"typ", "fivestrand+jwt"}}; }

  std::string Signature(std::string_view text) const {
    std::string signature(64, '\0');
    size_t length = signature.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_.get());
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return signature;
  }
  std::string Token(const nlohmann::json& header, const nlohmann::json& payload) const {
    const std::string text = Encoded(header.dump(), payload.dump());
    return text + "." + crypto::Base64Url(Signature(text));
  }

 private:
  Pkey key_;
};

inline std::string HmacToken(std::string_view header, std::string_view payload, std::string_view secret) {
  const std::string text = Encoded(header, payload);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac, &length);
  return text + "." + crypto::Base64Url(std::string_view(reinterpret_cast<char*>(mac), length));
}

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_TEST_KEYS_H_
