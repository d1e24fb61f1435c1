// Numbered schema changes that are part of the binary. See fivestrand_migrations() in EmbedMigrations.cmake, which makes a
// MigrationSeries out of a folder of NNN_verb_object.sql files.
#ifndef FIVESTRAND_PLATFORM_STORE_MIGRATION_H_
#define FIVESTRAND_PLATFORM_STORE_MIGRATION_H_

#include <string_view>

#include "absl/types/span.h"

namespace fivestrand::store {

// One file. The number is the same on both engines. Once released the text never changes: its checksum is kept in the store and
// compared at every start.
//
// The text is SQL that both engines take, statements separated by semicolons. Types of columns are TEXT, BIGINT, BYTEA and
// DOUBLE PRECISION, in capitals. On PostgreSQL each TEXT gets COLLATE "C"; on SQLite each CREATE TABLE becomes STRICT with
// SQLite's names of the types, and a BIGINT PRIMARY KEY becomes the row id. In casts write the type in small letters.
struct Migration {
  int number;             // from 1, without gaps
  std::string_view name;  // verb_object
  std::string_view sql;
};

// The migrations of one owner, for example "leadership". Series are numbered on their own and applied in the order given.
struct MigrationSeries {
  std::string_view name;
  absl::Span<const Migration> migrations;
};

// Tables that every store has: store_head, outbox, audit, idempotency, record_revision. Applied first by Store::Open.
MigrationSeries PlatformMigrations();

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_MIGRATION_H_
