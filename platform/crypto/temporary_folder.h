// A folder for the files of one test, removed at its end.
#ifndef FIVESTRAND_PLATFORM_CRYPTO_TEMPORARY_FOLDER_H_
#define FIVESTRAND_PLATFORM_CRYPTO_TEMPORARY_FOLDER_H_

#include <filesystem>
#include <stdlib.h>
#include <string>

namespace fivestrand::crypto {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string File(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace fivestrand::crypto

#endif  // FIVESTRAND_PLATFORM_CRYPTO_TEMPORARY_FOLDER_H_
