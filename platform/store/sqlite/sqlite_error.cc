#include "platform/store/sqlite/sqlite_error.h"

#include <sqlite3.h>
#include <string>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"

namespace fivestrand::store {

EngineError FromSqlite(int code, std::string_view message, ConnectionRole role) {
  const std::string cause = absl::StrCat("sqlite ", code, ": ", std::string(message));
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return KeyTaken(cause);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return ForeignKeyBroken(cause);
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreUnavailable(StoreErrorKind::kBusy, "the store is busy", cause);
    case SQLITE_INTERRUPT:
      return {status::WithHiddenCause(status::DeadlineExceeded(), cause), {}};
    case SQLITE_FULL:
      return StoreUnavailable(StoreErrorKind::kFull, "the store is full", cause);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return StoreUnavailable(StoreErrorKind::kIo, "the store cannot be reached", cause);
    case SQLITE_READONLY:
      // A reader is read-only by our own doing, so there a write is a fault in the code; for the writer it is the disk's.
      if (role == ConnectionRole::kReader) return Unforeseen(cause);
      return StoreUnavailable(StoreErrorKind::kIo, "the store cannot be written", cause);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {status::DataLoss(cause), StoreErrorKind::kCorrupt};
    default:
      return Unforeseen(cause);
  }
}

}  // namespace fivestrand::store
