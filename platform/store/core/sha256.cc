#include "platform/store/core/sha256.h"

#include <openssl/evp.h>

namespace fivestrand::store {

std::string Sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  unsigned int size = 0;
  // Fails only when there is no memory; then the digest stays zero, which matches nothing.
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(), nullptr);
  return digest;
}

}  // namespace fivestrand::store
