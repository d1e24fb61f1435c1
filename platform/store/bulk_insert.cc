#include "platform/store/bulk_insert.h"

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/views.h"

namespace fivestrand::store {

BulkInsert::BulkInsert(std::string_view head, std::size_t columns, std::size_t most_rows, std::string_view tail)
    : columns_(columns) {
  for (std::size_t rows = 1; rows <= most_rows; rows *= 2) {
    std::string& sql = texts_.emplace_back(absl::StrCat(AbslView(head), " VALUES "));
    for (std::size_t row = 0, number = 1; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column, ++number) {
        absl::StrAppend(&sql, column != 0 ? ", $" : row != 0 ? ", ($" : "($", number);
      }
      sql += ')';
    }
    sql += tail;
  }
}

absl::Status BulkInsert::Run(Session& session, Params values, std::size_t most_rows) const {
  for (std::size_t n = texts_.size(); n-- > 0;) {
    const std::size_t rows = std::size_t{1} << n;
    const std::size_t params = rows * columns_;
    if (rows > most_rows) continue;
    for (; values.size() >= params; values.remove_prefix(params)) {
      FIVESTRAND_RETURN_IF_ERROR(session.Execute(texts_[n], values.first(params)).status());
    }
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::store
