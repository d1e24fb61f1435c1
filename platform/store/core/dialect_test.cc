#include "platform/store/core/dialect.h"

#include "gtest/gtest.h"

namespace fivestrand::store {
namespace {

TEST(Dialect, SqliteGetsItsTypesAndStrictTables) {
  EXPECT_EQ(TranslateForSqlite("CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT, b BYTEA, c DOUBLE PRECISION);"),
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB, c REAL ) STRICT;");
  EXPECT_EQ(TranslateForSqlite("create table t (a BIGINT)"), "create table t (a INTEGER) STRICT");
  EXPECT_EQ(TranslateForSqlite("CREATE TABLE a (x TEXT); -- why (x)\nCREATE TABLE b (y TEXT)\n-- end (b)\n;"),
            "CREATE TABLE a (x TEXT) STRICT; -- why (x)\nCREATE TABLE b (y TEXT) STRICT\n-- end (b)\n;");
}

TEST(Dialect, OtherStatementsAreNotStrict) {
  EXPECT_EQ(TranslateForSqlite("CREATE INDEX i ON t (a); INSERT INTO t (a) VALUES (1);"),
            "CREATE INDEX i ON t (a); INSERT INTO t (a) VALUES (1);");
  EXPECT_EQ(TranslateForSqlite("ALTER TABLE t ADD COLUMN n BIGINT;"), "ALTER TABLE t ADD COLUMN n INTEGER;");
}

TEST(Dialect, QuotedTextAndCommentsAreLeftAlone) {
  EXPECT_EQ(TranslateForSqlite("INSERT INTO t VALUES ('BIGINT; CREATE TABLE', \"BYTEA\") /* BIGINT */ -- BYTEA"),
            "INSERT INTO t VALUES ('BIGINT; CREATE TABLE', \"BYTEA\") /* BIGINT */ -- BYTEA");
  EXPECT_EQ(TranslateForPostgres("SELECT 'TEXT''TEXT' /* TEXT */ -- TEXT\n"), "SELECT 'TEXT''TEXT' /* TEXT */ -- TEXT\n");
  EXPECT_EQ(TranslateForSqlite("SELECT 'unended BIGINT"), "SELECT 'unended BIGINT");
}

TEST(Dialect, PostgresComparesTextBytewise) {
  EXPECT_EQ(TranslateForPostgres("CREATE TABLE t (a TEXT NOT NULL, text_b TEXT);"),
            "CREATE TABLE t (a TEXT COLLATE \"C\" NOT NULL, text_b TEXT COLLATE \"C\");");
  EXPECT_EQ(TranslateForPostgres("SELECT CAST(a AS text) FROM t"), "SELECT CAST(a AS text) FROM t");
}

}  // namespace
}  // namespace fivestrand::store
