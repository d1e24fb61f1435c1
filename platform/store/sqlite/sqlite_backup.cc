#include <errno.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <string>
#include <unistd.h>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/error.h"
#include "platform/store/sqlite/sqlite_connection.h"
#include "platform/store/sqlite/sqlite_engine.h"
#include "platform/store/sqlite/sqlite_error.h"

namespace fivestrand::store {
namespace {

absl::Status Io(std::string_view what, const std::string& path) {
  return status::WithHiddenCause(
      status::Unavailable(status::Reason::kStoreUnavailable, "the backup cannot be written", kRetryAfter),
      absl::StrCat(std::string(what), " ", path, ": ", strerror(errno)));
}

absl::Status SyncPath(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return Io("open", path);
  const bool synced = fsync(fd) == 0;
  close(fd);
  return synced ? absl::OkStatus() : Io("sync", path);
}

// One step over all pages: in WAL mode it holds one snapshot and keeps nobody from writing, where small steps would start again
// after each commit.
absl::Status Copy(SqliteConnection& source, const std::string& path) {
  sqlite3* target = nullptr;
  const absl::Cleanup close_target = [&] {
    sqlite3_close(target);
  };
  auto fail = [&](int code) {
    return FromSqlite(code, sqlite3_errmsg(target), ConnectionRole::kWriter).status;
  };
  int code = sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return fail(code);
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", source.handle(), "main");
  if (backup == nullptr) return fail(sqlite3_extended_errcode(target));
  sqlite3_backup_step(backup, -1);
  code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) return fail(code);
  std::string verdict;
  auto keep = [](void* out, int, char** values, char**) {
    static_cast<std::string*>(out)->append(values[0] != nullptr ? values[0] : "");
    return 0;
  };
  code = sqlite3_exec(target, "PRAGMA quick_check(1)", keep, &verdict, nullptr);
  if (code != SQLITE_OK) return fail(code);
  if (verdict != "ok") return status::DataLoss(absl::StrCat("backup: quick_check says ", verdict));
  // One plain file: a backup must not need a WAL beside it.
  code = sqlite3_exec(target, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : fail(code);
}

}  // namespace

absl::Status BackupSqlite(SqliteConnection& source, const std::string& path) {
  const std::string part = path + ".part";
  // Made here first, for its owner only, and so that two backups to one path exclude each other.
  const int fd = open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return Io("create", part);
  close(fd);
  const absl::Cleanup remove_part = [&] {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) unlink((part + suffix).c_str());
  };
  FIVESTRAND_RETURN_IF_ERROR(Copy(source, part));
  FIVESTRAND_RETURN_IF_ERROR(SyncPath(part, O_RDONLY));
  // A link, unlike a rename, refuses to replace a file.
  if (link(part.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return status::Precondition("BACKUP_EXISTS", "path", "a file is there already");
    return Io("link", path);
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return SyncPath(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
}

}  // namespace fivestrand::store
