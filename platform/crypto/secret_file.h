// Files that hold keys: written whole or not at all, mode 0600, and refused when others could read them.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_SECRET_FILE_H_
#define FIVESTRAND_PLATFORM_CRYPTO_SECRET_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fivestrand::crypto {

inline constexpr size_t kMaxSecretFileBytes = 64 * 1024;

// Errors name the path, never the content. NOT_FOUND; FAILED_PRECONDITION when it is no regular file, larger than
// kMaxSecretFileBytes, or open to others: the group may read it only if root owns it and this process is not root (a mounted
// secret).
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// ALREADY_EXISTS when the path is taken. On OK the file is on disk.
absl::Status CreateSecretFile(const std::string& path, std::string_view content);

// Replaces the content of an existing file by what `change` makes of it. Two processes do it one after the other; readers see the
// old or the new. Nothing happens when `change` fails.
absl::Status ChangeSecretFile(const std::string& path, absl::FunctionRef<absl::StatusOr<std::string>(std::string_view)> change);

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_SECRET_FILE_H_
