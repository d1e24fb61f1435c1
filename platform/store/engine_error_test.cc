// One line for each row of the table of SQL errors, and for each engine.
#include <optional>
#include <sqlite3.h>

#include "gtest/gtest.h"

#include "platform/status/status.h"
#include "platform/store/postgres/postgres_error.h"
#include "platform/store/postgres/postgres_row.h"
#include "platform/store/sqlite/sqlite_error.h"

namespace fivestrand::store {
namespace {

using absl::StatusCode;
using Kind = std::optional<StoreErrorKind>;

TEST(EngineError, OfSqlite) {
  struct {
    int code;
    ConnectionRole role;
    StatusCode expected;
    Kind kind;
  } const rows[] = {
      {SQLITE_CONSTRAINT_UNIQUE, ConnectionRole::kWriter, StatusCode::kAlreadyExists, {}},
      {SQLITE_CONSTRAINT_PRIMARYKEY, ConnectionRole::kWriter, StatusCode::kAlreadyExists, {}},
      {SQLITE_CONSTRAINT_ROWID, ConnectionRole::kWriter, StatusCode::kAlreadyExists, {}},
      {SQLITE_CONSTRAINT_FOREIGNKEY, ConnectionRole::kWriter, StatusCode::kFailedPrecondition, {}},
      {SQLITE_CONSTRAINT_CHECK, ConnectionRole::kWriter, StatusCode::kInternal, StoreErrorKind::kOther},
      {SQLITE_CONSTRAINT_NOTNULL, ConnectionRole::kWriter, StatusCode::kInternal, StoreErrorKind::kOther},
      {SQLITE_BUSY, ConnectionRole::kWriter, StatusCode::kUnavailable, StoreErrorKind::kBusy},
      {SQLITE_BUSY_SNAPSHOT, ConnectionRole::kWriter, StatusCode::kUnavailable, StoreErrorKind::kBusy},
      {SQLITE_LOCKED, ConnectionRole::kReader, StatusCode::kUnavailable, StoreErrorKind::kBusy},
      {SQLITE_INTERRUPT, ConnectionRole::kReader, StatusCode::kDeadlineExceeded, {}},
      {SQLITE_FULL, ConnectionRole::kWriter, StatusCode::kUnavailable, StoreErrorKind::kFull},
      {SQLITE_IOERR_FSYNC, ConnectionRole::kWriter, StatusCode::kUnavailable, StoreErrorKind::kIo},
      {SQLITE_CANTOPEN, ConnectionRole::kWriter, StatusCode::kUnavailable, StoreErrorKind::kIo},
      {SQLITE_READONLY_DBMOVED, ConnectionRole::kWriter, StatusCode::kUnavailable, StoreErrorKind::kIo},
      {SQLITE_READONLY, ConnectionRole::kReader, StatusCode::kInternal, StoreErrorKind::kOther},
      {SQLITE_CORRUPT_INDEX, ConnectionRole::kReader, StatusCode::kDataLoss, StoreErrorKind::kCorrupt},
      {SQLITE_NOTADB, ConnectionRole::kReader, StatusCode::kDataLoss, StoreErrorKind::kCorrupt},
      {SQLITE_ERROR, ConnectionRole::kReader, StatusCode::kInternal, StoreErrorKind::kOther},
  };
  for (const auto& row : rows) {
    const EngineError error = FromSqlite(row.code, "message", row.role);
    EXPECT_EQ(error.status.code(), row.expected) << row.code;
    EXPECT_EQ(error.kind, row.kind) << row.code;
    EXPECT_NE(status::HiddenCause(error.status), "") << row.code;
    EXPECT_EQ(error.status.message().find("message"), absl::string_view::npos) << row.code;
  }
}

TEST(EngineError, OfPostgres) {
  struct {
    const char* sqlstate;
    StatusCode expected;
    Kind kind;
  } const rows[] = {
      {"23505", StatusCode::kAlreadyExists, {}},
      {"23503", StatusCode::kFailedPrecondition, {}},
      {"40001", StatusCode::kAborted, StoreErrorKind::kConflict},
      {"40P01", StatusCode::kAborted, StoreErrorKind::kConflict},
      {"57014", StatusCode::kDeadlineExceeded, {}},
      {"", StatusCode::kUnavailable, StoreErrorKind::kConnection},
      {"08006", StatusCode::kUnavailable, StoreErrorKind::kConnection},
      {"08P01", StatusCode::kInternal, StoreErrorKind::kOther},
      {"53100", StatusCode::kUnavailable, StoreErrorKind::kFull},
      {"53300", StatusCode::kUnavailable, StoreErrorKind::kBusy},
      {"55P03", StatusCode::kUnavailable, StoreErrorKind::kBusy},
      {"57P01", StatusCode::kUnavailable, StoreErrorKind::kConnection},
      {"57P03", StatusCode::kUnavailable, StoreErrorKind::kConnection},
      {"58030", StatusCode::kUnavailable, StoreErrorKind::kIo},
      {"XX001", StatusCode::kDataLoss, StoreErrorKind::kCorrupt},
      {"22021", StatusCode::kInvalidArgument, {}},
      {"23514", StatusCode::kInternal, StoreErrorKind::kOther},
      {"23502", StatusCode::kInternal, StoreErrorKind::kOther},
      {"42601", StatusCode::kInternal, StoreErrorKind::kOther},
      {"25006", StatusCode::kInternal, StoreErrorKind::kOther},
  };
  for (const auto& row : rows) {
    const EngineError error = FromPostgres(row.sqlstate, "message");
    EXPECT_EQ(error.status.code(), row.expected) << row.sqlstate;
    EXPECT_EQ(error.kind, row.kind) << row.sqlstate;
    EXPECT_NE(status::HiddenCause(error.status), "") << row.sqlstate;
    EXPECT_EQ(error.status.message().find("message"), absl::string_view::npos) << row.sqlstate;
  }
}

TEST(PostgresNumeric, IsDecoded) {
  using std::string_view_literals::operator""sv;
  // ndigits, weight, sign, scale, then digits of base 10,000.
  EXPECT_EQ(DecodeNumeric("\0\0\0\0\0\0\0\0"sv), 0);
  EXPECT_EQ(DecodeNumeric("\0\1\0\0\0\0\0\0\0\x07"sv), 7);
  EXPECT_EQ(DecodeNumeric("\0\1\0\0\x40\0\0\0\0\x07"sv), -7);
  EXPECT_EQ(DecodeNumeric("\0\1\0\1\0\0\0\0\0\x02"sv), 20000);
  EXPECT_EQ(DecodeNumeric("\0\2\0\0\0\0\0\1\0\x01\x13\x88"sv), 1.5);
  EXPECT_TRUE(DecodeNumeric("\0\0\0\0\xC0\0\0\0"sv) != DecodeNumeric("\0\0\0\0\xC0\0\0\0"sv));
  EXPECT_EQ(DecodeNumeric("\0\7\0\0\0\0\0\0"sv), 0);
  EXPECT_EQ(DecodeNumeric("short"sv), 0);
}

}  // namespace
}  // namespace fivestrand::store
