// XChaCha20-Poly1305 with a random nonce. For the sources of platform/crypto only.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_AEAD_H_
#define FIVESTRAND_PLATFORM_CRYPTO_AEAD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/crypto/secret.h"

namespace fivestrand::crypto {

inline constexpr size_t kNonceBytes = 24;
inline constexpr size_t kTagBytes = 16;

// `header`, which is authenticated and stays readable, then nonce, ciphertext and tag.
std::string AeadSeal(const SecretKey& key, std::string_view header, std::string_view associated_data, std::string_view plaintext);

// `sealed` starts with a header of `header_bytes`. Empty when anything differs from what was sealed.
std::optional<std::string> AeadOpen(const SecretKey& key, size_t header_bytes, std::string_view associated_data,
                                    std::string_view sealed);

// Parts with their lengths, so that no two lists of parts give the same bytes.
void AppendPart(std::string_view part, std::string* out);
void AppendNumber(uint32_t number, std::string* out);
uint32_t ReadNumber(std::string_view four_bytes);

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_AEAD_H_
