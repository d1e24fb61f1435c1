// SHA-256.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_SHA256_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_SHA256_H_

#include <string>
#include <string_view>

namespace fivestrand::store {

// The 32 bytes of the digest.
std::string Sha256(std::string_view bytes);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_SHA256_H_
