#include "platform/crypto/secret_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"

namespace fivestrand::crypto {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status SystemError(const char* what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool OpenToOthers(const struct stat& info) {
  const mode_t mounted_secret = S_IRGRP;
  const mode_t allowed = info.st_uid == 0 && geteuid() != 0 ? mounted_secret : 0;
  return (info.st_mode & (S_IRWXG | S_IRWXO) & ~allowed) != 0;
}

absl::Status WriteAll(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("cannot write", path);
    content.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(fd) != 0) return SystemError("cannot sync", path);
  return absl::OkStatus();
}

enum class Placing { kNew, kReplace };

// Writes beside the target and moves into place, so that no reader and no crash ever sees half a key.
absl::Status Place(const std::string& path, std::string_view content, Placing placing) {
  std::string temporary = path + ".XXXXXX";
  const Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.ok()) return SystemError("cannot create a file beside", path);
  const absl::Cleanup remove = [&] {
    unlink(temporary.c_str());
  };
  if (fchmod(file.get(), S_IRUSR | S_IWUSR) != 0) return SystemError("cannot set the mode of", path);
  FIVESTRAND_RETURN_IF_ERROR(WriteAll(file.get(), content, path));
  // link() fails on an existing name where rename() would replace it.
  const int moved = placing == Placing::kNew ? link(temporary.c_str(), path.c_str()) : rename(temporary.c_str(), path.c_str());
  if (moved != 0) {
    if (errno == EEXIST) return absl::AlreadyExistsError(absl::StrCat(path, " exists; keys are never overwritten"));
    return SystemError("cannot put in place", path);
  }
  const Descriptor folder(open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || fsync(folder.get()) != 0) return SystemError("cannot sync the folder of", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  // O_NONBLOCK: a pipe at this path must not hang the start; it is refused below.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return SystemError("cannot open", path);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return SystemError("cannot inspect", path);
  if (!S_ISREG(info.st_mode)) return absl::FailedPreconditionError(absl::StrCat(path, " is not a regular file"));
  if (OpenToOthers(info)) return absl::FailedPreconditionError(absl::StrCat(path, " is open to others; chmod 600 it"));
  if (static_cast<size_t>(info.st_size) > kMaxSecretFileBytes)
    return absl::FailedPreconditionError(absl::StrCat(path, " is too large"));
  std::string content(static_cast<size_t>(info.st_size), '\0');
  size_t have = 0;
  while (have < content.size()) {
    const ssize_t got = read(file.get(), content.data() + have, content.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("cannot read", path);
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  content.resize(have);
  return content;
}

absl::Status CreateSecretFile(const std::string& path, std::string_view content) {
  return Place(path, content, Placing::kNew);
}

absl::Status ChangeSecretFile(const std::string& path, absl::FunctionRef<absl::StatusOr<std::string>(std::string_view)> change) {
  // The folder is locked, not the file: the file's inode changes with every replacement.
  const Descriptor folder(open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || flock(folder.get(), LOCK_EX) != 0) return SystemError("cannot lock the folder of", path);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string before, ReadSecretFile(path));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string after, change(before));
  return Place(path, after, Placing::kReplace);
}

}  // namespace fivestrand::crypto
