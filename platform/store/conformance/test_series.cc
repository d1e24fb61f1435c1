#include "platform/store/conformance/test_series.h"

namespace fivestrand::store {

MigrationSeries TestSeries() {
  static constexpr Migration kMigrations[] = {{1, "create_item", R"(
      CREATE TABLE item (
        id TEXT PRIMARY KEY,
        number BIGINT CHECK (number >= 0),
        weight DOUBLE PRECISION,
        data BYTEA,
        label TEXT,
        parent TEXT REFERENCES item (id)
      );
      CREATE UNIQUE INDEX item_by_label ON item (label);)"}};
  return {"test", kMigrations};
}

}  // namespace fivestrand::store
