// A file of rows as an import takes them: only the columns and rows that it needs.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_FILE_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_FILE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivestrand/leadership/v1/import.pb.h"

namespace fivestrand::cli {

struct ImportSelection {
  // Columns that are sent, by name; case, spaces and underscores do not matter.
  absl::Span<const std::string_view> columns;
  // When the file has the column and the key is not empty: only rows with that value in it.
  std::string_view key_column;
  std::string key;
  int max_rows = 0;
};

struct ImportTable {
  // As the file has them.
  std::vector<std::string> columns;
  std::vector<leadership::v1::ImportRow> rows;
  bool has_key_column = false;
  // Rows of another key.
  int left_out = 0;
  // What is wrong with the file itself, and how much in all.
  std::vector<leadership::v1::RowError> errors;
  int error_count = 0;
  bool windows_1252 = false;
};

// The columns of the DfE's register that an import of schools reads, and of a list of people.
absl::Span<const std::string_view> SchoolColumns();
absl::Span<const std::string_view> PersonColumns();
inline constexpr std::string_view kTrustCodeColumn = "Trusts (code)";

// The whole file. INVALID_ARGUMENT names the path when it cannot be read or is larger than `max_bytes`.
absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t max_bytes);

// INVALID_ARGUMENT when the bytes are no table or hold too many rows; what is wrong with single rows is in ImportTable::errors.
// `progress` gets the share that is read.
absl::StatusOr<ImportTable> ReadImportTable(std::string_view bytes, const ImportSelection& selection,
                                            const std::function<void(double share)>& progress);

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_FILE_H_
