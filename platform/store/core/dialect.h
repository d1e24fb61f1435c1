// Migrations are written once; each engine gets them in its own words. See migration.h for what may be written.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_DIALECT_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_DIALECT_H_

#include <string>
#include <string_view>

namespace fivestrand::store {

// BIGINT, BYTEA and DOUBLE PRECISION become INTEGER, BLOB and REAL; CREATE TABLE becomes STRICT, so that a value of the wrong type
// is refused as PostgreSQL refuses it. Strings, quoted names and comments are left alone.
std::string TranslateForSqlite(std::string_view sql);

// TEXT becomes TEXT COLLATE "C", so that text compares bytewise whatever the database's own collation is.
std::string TranslateForPostgres(std::string_view sql);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_DIALECT_H_
