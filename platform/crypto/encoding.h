// base64url without padding (RFC 4648, section 5), strict: one text for each sequence of bytes.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_ENCODING_H_
#define FIVESTRAND_PLATFORM_CRYPTO_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

namespace fivestrand::crypto {

std::string Base64Url(std::string_view bytes);

// Empty for other characters, padding, or bits that no encoder leaves.
std::optional<std::string> FromBase64Url(std::string_view text);

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_ENCODING_H_
