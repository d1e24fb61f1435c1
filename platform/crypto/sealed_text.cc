#include "platform/crypto/sealed_text.h"

#include <sodium.h>

#include "platform/crypto/aead.h"
#include "platform/crypto/encoding.h"

namespace fivestrand::crypto {
namespace {

constexpr char kCookieFormat = 1;
constexpr size_t kCookieHeaderBytes = 1 + 4;
constexpr size_t kVersionBytes = 4;
constexpr size_t kMacBytes = 16;
static_assert(kMacBytes >= crypto_generichash_BYTES_MIN);

std::string Mac(const SecretKey& key, uint32_t version, std::string_view binding, std::string_view content) {
  std::string message;
  message.reserve(binding.size() + content.size() + 12);
  AppendNumber(version, &message);
  AppendPart(binding, &message);
  AppendPart(content, &message);
  std::string mac(kMacBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(mac.data()), mac.size(),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(), key.data(), kKeyBytes);
  return mac;
}

}  // namespace

PurposeKeys::PurposeKeys(const Keyring& keyring, std::string_view purpose) : primary_(keyring.primary()) {
  for (uint32_t version : keyring.versions()) {
    if (auto key = keyring.Derive(purpose, version); key.ok()) by_version_.emplace(version, *std::move(key));
  }
}

const SecretKey* PurposeKeys::Find(uint32_t version) const {
  const auto found = by_version_.find(version);
  return found == by_version_.end() ? nullptr : &found->second;
}

std::string CookieSealer::Seal(std::string_view plaintext) const {
  std::string header(1, kCookieFormat);
  AppendNumber(keys_.primary(), &header);
  return Base64Url(AeadSeal(keys_.primary_key(), header, {}, plaintext));
}

std::optional<std::string> CookieSealer::Open(std::string_view cookie) const {
  if (cookie.size() > kMaxSealedTextBytes) return std::nullopt;
  const std::optional<std::string> sealed = FromBase64Url(cookie);
  if (!sealed.has_value() || sealed->size() < kCookieHeaderBytes || (*sealed)[0] != kCookieFormat) return std::nullopt;
  const SecretKey* key = keys_.Find(ReadNumber(std::string_view(*sealed).substr(1, 4)));
  if (key == nullptr) return std::nullopt;
  return AeadOpen(*key, kCookieHeaderBytes, {}, *sealed);
}

std::string PageTokenCodec::Encode(std::string_view content, std::string_view binding) const {
  std::string token;
  AppendNumber(keys_.primary(), &token);
  token += Mac(keys_.primary_key(), keys_.primary(), binding, content);
  token += content;
  return Base64Url(token);
}

std::optional<std::string> PageTokenCodec::Decode(std::string_view text, std::string_view binding) const {
  if (text.size() > kMaxSealedTextBytes) return std::nullopt;
  const std::optional<std::string> token = FromBase64Url(text);
  if (!token.has_value() || token->size() < kVersionBytes + kMacBytes) return std::nullopt;
  const uint32_t version = ReadNumber(*token);
  const SecretKey* key = keys_.Find(version);
  if (key == nullptr) return std::nullopt;
  const std::string content = token->substr(kVersionBytes + kMacBytes);
  const std::string expected = Mac(*key, version, binding, content);
  if (sodium_memcmp(expected.data(), token->data() + kVersionBytes, kMacBytes) != 0) return std::nullopt;
  return content;
}

}  // namespace fivestrand::crypto
