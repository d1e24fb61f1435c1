// Memory for keys: locked, guarded, read-only once filled, wiped at the end.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_SECRET_H_
#define FIVESTRAND_PLATFORM_CRYPTO_SECRET_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"

namespace fivestrand::crypto {

inline constexpr size_t kKeyBytes = 32;

// A 256-bit key; a copy shares the memory.
class SecretKey {
 public:
  static SecretKey Random();
  // `fill` writes kKeyBytes bytes.
  static SecretKey Filled(absl::FunctionRef<void(unsigned char*)> fill);

  const unsigned char* data() const { return bytes_.get(); }

 private:
  explicit SecretKey(std::shared_ptr<unsigned char> bytes) : bytes_(std::move(bytes)) {}
  std::shared_ptr<unsigned char> bytes_;
};

// Overwrites a text that held a key, in a way that the compiler does not leave out.
void WipeText(std::string* text);

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_SECRET_H_
