#include "platform/store/session.h"

#include "platform/status/status.h"

namespace fivestrand::store {

absl::StatusOr<bool> Session::QueryOne(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) {
  int rows = 0;
  absl::Status status = Query(sql, params, [&](const Row& row) {
    if (++rows > 1) return status::Internal("a statement for one row gave several");
    return each(row);
  });
  if (!status.ok()) return status;
  return rows == 1;
}

}  // namespace fivestrand::store
