#include "platform/crypto/secret.h"

#include <cstdlib>
#include <sodium.h>

namespace fivestrand::crypto {

SecretKey SecretKey::Filled(absl::FunctionRef<void(unsigned char*)> fill) {
  // Once per process; further calls return at once.
  if (sodium_init() < 0) std::abort();
  auto* bytes = static_cast<unsigned char*>(sodium_malloc(kKeyBytes));
  if (bytes == nullptr) std::abort();
  SecretKey key(std::shared_ptr<unsigned char>(bytes, [](unsigned char* memory) { sodium_free(memory); }));
  fill(bytes);
  sodium_mprotect_readonly(bytes);
  return key;
}

SecretKey SecretKey::Random() {
  return Filled([](unsigned char* bytes) { randombytes_buf(bytes, kKeyBytes); });
}

void WipeText(std::string* text) {
  sodium_memzero(text->data(), text->size());
}

}  // namespace fivestrand::crypto
