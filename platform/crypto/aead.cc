#include "platform/crypto/aead.h"

#include <sodium.h>

namespace fivestrand::crypto {
namespace {

static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Authenticated(std::string_view header, std::string_view associated_data) {
  std::string all;
  all.reserve(header.size() + associated_data.size() + 8);
  AppendPart(header, &all);
  AppendPart(associated_data, &all);
  return all;
}

}  // namespace

std::string AeadSeal(const SecretKey& key, std::string_view header, std::string_view associated_data, std::string_view plaintext) {
  const std::string authenticated = Authenticated(header, associated_data);
  std::string sealed(header.size() + kNonceBytes + plaintext.size() + kTagBytes, '\0');
  sealed.replace(0, header.size(), header);
  auto* nonce = reinterpret_cast<unsigned char*>(sealed.data()) + header.size();
  randombytes_buf(nonce, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr, Bytes(plaintext), plaintext.size(), Bytes(authenticated),
                                             authenticated.size(), nullptr, nonce, key.data());
  return sealed;
}

std::optional<std::string> AeadOpen(const SecretKey& key, size_t header_bytes, std::string_view associated_data,
                                    std::string_view sealed) {
  if (sealed.size() < header_bytes + kNonceBytes + kTagBytes) return std::nullopt;
  const std::string authenticated = Authenticated(sealed.substr(0, header_bytes), associated_data);
  const std::string_view nonce = sealed.substr(header_bytes, kNonceBytes);
  const std::string_view ciphertext = sealed.substr(header_bytes + kNonceBytes);
  std::string plaintext(ciphertext.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plaintext.data()), nullptr, nullptr,
                                                 Bytes(ciphertext), ciphertext.size(), Bytes(authenticated), authenticated.size(),
                                                 Bytes(nonce), key.data()) != 0) {
    return std::nullopt;
  }
  return plaintext;
}

void AppendNumber(uint32_t number, std::string* out) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>((number >> shift) & 0xff));
}

void AppendPart(std::string_view part, std::string* out) {
  AppendNumber(static_cast<uint32_t>(part.size()), out);
  out->append(part);
}

uint32_t ReadNumber(std::string_view four_bytes) {
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) number = (number << 8) | static_cast<unsigned char>(four_bytes[i]);
  return number;
}

}  // namespace fivestrand::crypto
