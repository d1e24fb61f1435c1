// Tables `result` and `result_history`.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_TABLE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "platform/store/store.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::store {

// The rows of these keys that exist, in no particular order.
absl::Status ReadResults(fivestrand::store::Session& session, absl::Span<const std::int64_t> keys,
                         absl::FunctionRef<void(const domain::ResultRow&)> each);

// The rows of a range, in order of key.
absl::Status ScanResults(fivestrand::store::Session& session, domain::KeyRange range,
                         absl::FunctionRef<absl::Status(const domain::ResultRow&)> each);
absl::StatusOr<bool> AnyResult(fivestrand::store::Session& session, domain::KeyRange range);

// A state that a result had, and when it ended by whom.
struct ResultState {
  domain::ResultRow row;
  std::int64_t end_time = 0;
  std::int32_t end_author = 0;
};

// Newest first.
absl::Status ReadHistory(fivestrand::store::Session& session, std::int64_t key, int limit,
                         absl::FunctionRef<void(const ResultState&)> each);

// Writes results in one transaction, keeps what they were before, and remembers what changed. Of a key at most one call.
class ResultWriter {
 public:
  // `made`: when results that come from elsewhere were made; now when absent.
  explicit ResultWriter(fivestrand::store::WriteTransaction& transaction, std::optional<absl::Time> made = std::nullopt)
      : transaction_(transaction), made_(made) {}

  // `row` as it is to be, but for its update_time, which is set. `before`: what stands there; null when nothing does.
  absl::Status Put(const domain::ResultRow* before, domain::ResultRow* row);
  // New results, in order of key; their update_time is set. `progress` gets how many are written.
  absl::Status InsertAll(absl::Span<domain::ResultRow> rows, absl::FunctionRef<void(std::size_t)> progress);
  absl::Status Remove(const domain::ResultRow& before, std::int32_t author);

  const std::vector<domain::ResultRow>& written() const { return written_; }
  const std::vector<std::int64_t>& removed() const { return removed_; }
  std::vector<domain::ResultRow>&& TakeWritten() { return std::move(written_); }
  std::vector<std::int64_t>&& TakeRemoved() { return std::move(removed_); }

 private:
  std::int64_t NextTime(std::int64_t before) const;
  absl::Status Keep(const domain::ResultRow& before, std::int64_t end_time, std::int32_t end_author);

  fivestrand::store::WriteTransaction& transaction_;
  const std::optional<absl::Time> made_;
  std::vector<domain::ResultRow> written_;
  std::vector<std::int64_t> removed_;
};

// A window, subject and scale, by resource name.
struct ColumnName {
  std::string_view window;
  std::string_view subject;
  std::string_view scale;
};
// Tells followers that results of a column changed: an event of type fivestrand/ResultChange under the window's name. `trust` is a
// resource name.
void AppendResultChange(fivestrand::store::WriteTransaction& transaction, std::string_view actor, std::string_view trust,
                        const ColumnName& column, std::int64_t count);

// Adds a state to the history of `row.key`, for a merge: its time is moved on until it is free.
absl::Status AddHistory(fivestrand::store::WriteTransaction& transaction, ResultState state);
// Gives the history of `from` to `to`.
absl::Status MoveHistory(fivestrand::store::WriteTransaction& transaction, std::int64_t from, std::int64_t to);
// Puts a row where nothing stands, with the author and time that it has.
absl::Status InsertResult(fivestrand::store::WriteTransaction& transaction, const domain::ResultRow& row);
// Deletes the row without history.
absl::Status DropResult(fivestrand::store::WriteTransaction& transaction, std::int64_t key);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_TABLE_H_
