#include "services/suite/cli/import_file.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "platform/csv/csv.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::cli {
namespace {

using leadership::v1::ImportRow;
using leadership::v1::RowError;

// How the service compares names of columns too. The bracket tells `Town` from `Town (name)`.
std::string Normal(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || byte >= 0x80 || c == '(') out.push_back(absl::ascii_tolower(byte));
  }
  return out;
}

}  // namespace

absl::Span<const std::string_view> SchoolColumns() {
  static constexpr std::string_view kColumns[] = {"URN",
                                                  "EstablishmentName",
                                                  "LA (code)",
                                                  "EstablishmentNumber",
                                                  "UKPRN",
                                                  "PhaseOfEducation (code)",
                                                  "OpenDate",
                                                  "StatutoryLowAge",
                                                  "StatutoryHighAge",
                                                  "EstablishmentStatus (code)",
                                                  "CloseDate",
                                                  "NumberOfPupils",
                                                  "SchoolCapacity",
                                                  "Town",
                                                  "Postcode",
                                                  kTrustCodeColumn};
  return kColumns;
}

absl::Span<const std::string_view> PersonColumns() {
  static constexpr std::string_view kColumns[] = {"given name", "family name", "display name", "email",    "post",
                                                  "kind",       "school urn",  "start date",   "end date", "role"};
  return kColumns;
}

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t max_bytes) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes;
  char chunk[64 * 1024];
  while (in.read(chunk, sizeof(chunk)) || in.gcount() > 0) {
    bytes.append(chunk, static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > max_bytes) return status::InvalidField(path, absl::StrCat("the file is larger than ", max_bytes, " bytes"));
  }
  if (!in.eof() || in.bad()) return status::InvalidField(path, "the file cannot be read");
  return bytes;
}

absl::StatusOr<ImportTable> ReadImportTable(std::string_view bytes, const ImportSelection& selection,
                                            const std::function<void(double share)>& progress) {
  FIVESTRAND_ASSIGN_OR_RETURN(csv::Reader reader, csv::Reader::Open(bytes));
  ImportTable table;
  table.windows_1252 = reader.encoding() == csv::Encoding::kWindows1252;
  std::vector<std::size_t> places;
  std::optional<std::size_t> key_place;
  const std::string key_column = Normal(selection.key_column);
  for (std::size_t i = 0; i < reader.header().size(); ++i) {
    const std::string name = Normal(reader.header()[i]);
    if (!key_column.empty() && name == key_column) key_place = i;
    if (std::none_of(selection.columns.begin(), selection.columns.end(),
                     [&](std::string_view wanted) { return Normal(wanted) == name; }))
      continue;
    places.push_back(i);
    table.columns.push_back(reader.header()[i]);
  }

  table.has_key_column = key_place.has_value();

  csv::Row row;
  while (reader.Next(&row)) {
    progress(static_cast<double>(reader.offset()) / static_cast<double>(bytes.size()));
    if (key_place && !selection.key.empty() && absl::StripAsciiWhitespace(row.cells[*key_place]) != selection.key) {
      ++table.left_out;
      continue;
    }
    if (table.rows.size() == static_cast<std::size_t>(selection.max_rows)) {
      return status::InvalidField(
          "file", absl::StrCat("the file has more than ", selection.max_rows, " rows to import; cut it into several files"));
    }
    ImportRow& taken = table.rows.emplace_back();
    taken.set_line(row.line);
    for (const std::size_t place : places) taken.add_cells(std::move(row.cells[place]));
  }
  progress(1);

  table.error_count = reader.problem_count();
  for (const csv::Problem& problem : reader.problems()) {
    RowError& error = table.errors.emplace_back();
    error.set_line(problem.line);
    const auto column = static_cast<std::size_t>(problem.column);
    if (column > 0) error.set_column(column <= reader.header().size() ? reader.header()[column - 1] : absl::StrCat(problem.column));
    error.set_reason(problem.reason);
  }
  return table;
}

}  // namespace fivestrand::cli
