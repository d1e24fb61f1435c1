// An INSERT of many rows in few statements, for where a statement costs a round trip.
#ifndef FIVESTRAND_PLATFORM_STORE_BULK_INSERT_H_
#define FIVESTRAND_PLATFORM_STORE_BULK_INSERT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

#include "platform/store/session.h"

namespace fivestrand::store {

// Its texts are made once, so keep it: one each for 1, 2, 4, ... rows up to `most_rows`, that few are prepared.
class BulkInsert {
 public:
  // `head` is "INSERT INTO table (a, b)" with `columns` columns; `tail` what follows the values.
  BulkInsert(std::string_view head, std::size_t columns, std::size_t most_rows, std::string_view tail = {});

  // `values` holds whole rows, inserted in this order, at most `most_rows` of them in one statement. Rows before an error may have
  // been inserted.
  absl::Status Run(Session& session, Params values, std::size_t most_rows = SIZE_MAX) const;

 private:
  const std::size_t columns_;
  std::vector<std::string> texts_;  // The nth is for 2^n rows.
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_BULK_INSERT_H_
