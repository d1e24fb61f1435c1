// A row of a PostgreSQL result in binary format.
#ifndef FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ROW_H_
#define FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ROW_H_

#include <cstdint>
#include <string_view>

#include "platform/store/session.h"

struct pg_result;

namespace fivestrand::store {

class PostgresRow final : public Row {
 public:
  explicit PostgresRow(const pg_result* result) : result_(result) {}
  void Set(int row) { row_ = row; }

  int size() const override;
  bool IsNull(int column) const override;
  std::int64_t Int(int column) const override;
  double Double(int column) const override;
  std::string_view Text(int column) const override;
  std::string_view Blob(int column) const override { return Text(column); }

 private:
  const pg_result* result_;
  int row_ = 0;
};

// PostgreSQL's binary numeric: what SUM of BIGINT and AVG give. Malformed bytes read as 0.
double DecodeNumeric(std::string_view bytes);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ROW_H_
