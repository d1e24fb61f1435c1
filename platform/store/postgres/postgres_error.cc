#include "platform/store/postgres/postgres_error.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"

namespace fivestrand::store {

EngineError FromPostgres(std::string_view sqlstate, std::string_view message) {
  const std::string cause = absl::StrCat("postgresql ", std::string(sqlstate), ": ", std::string(message));
  if (sqlstate.empty()) return StoreUnavailable(StoreErrorKind::kConnection, "the store cannot be reached", cause);
  if (sqlstate == "23505") return KeyTaken(cause);
  if (sqlstate == "23503") return ForeignKeyBroken(cause);
  if (sqlstate == "40001" || sqlstate == "40P01") return LostConflict(cause);
  // Statements are only ever cancelled because their deadline passed.
  if (sqlstate == "57014") return {status::WithHiddenCause(status::DeadlineExceeded(), cause), {}};
  if (sqlstate == "22021" || sqlstate == "22P05") {
    return {status::WithHiddenCause(status::InvalidField("text", "must be UTF-8 without NUL bytes"), cause), {}};
  }
  // Data that the server itself finds damaged.
  if (sqlstate == "XX001" || sqlstate == "XX002") return {status::DataLoss(cause), StoreErrorKind::kCorrupt};
  // In class 08, a wrong number of parameters is a fault in the code.
  if (sqlstate == "08P01") return Unforeseen(cause);
  const std::string_view category = sqlstate.substr(0, 2);
  if (category == "08") return StoreUnavailable(StoreErrorKind::kConnection, "the store cannot be reached", cause);
  if (sqlstate == "53100") return StoreUnavailable(StoreErrorKind::kFull, "the store is full", cause);
  if (category == "53") return StoreUnavailable(StoreErrorKind::kBusy, "the store is busy", cause);
  if (sqlstate == "55P03") return StoreUnavailable(StoreErrorKind::kBusy, "the store is busy", cause);
  if (sqlstate.substr(0, 3) == "57P") return StoreUnavailable(StoreErrorKind::kConnection, "the store is restarting", cause);
  if (category == "58") return StoreUnavailable(StoreErrorKind::kIo, "the store cannot be reached", cause);
  return Unforeseen(cause);
}

}  // namespace fivestrand::store
