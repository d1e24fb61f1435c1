#include "services/suite/cli/import_command.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"

#include "platform/csv/csv.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/suite/cli/import_file.h"

namespace fivestrand::cli {
namespace {

using namespace leadership::v1;  // NOLINT: this file is about nothing else

// What one request may hold.
constexpr int kMaxSchools = 2000;
constexpr int kMaxPeople = 10000;

void PrintErrors(const Console& console, std::vector<RowError> errors, int count) {
  std::stable_sort(errors.begin(), errors.end(), [](const RowError& a, const RowError& b) { return a.line() < b.line(); });
  for (const RowError& error : errors) {
    *console.err << "line " << error.line();
    if (!error.column().empty()) *console.err << ", column " << error.column();
    *console.err << ": " << error.reason() << "\n";
  }
  const int further = count - static_cast<int>(errors.size());
  if (further > 0) *console.err << "and " << further << " more\n";
}

absl::StatusOr<ImportTable> Read(const Console& console, const ImportOptions& options, const ImportSelection& selection) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(options.path, csv::Limits().max_bytes));
  ProgressBar bar(console);
  const std::string what = absl::StrCat("reading ", options.path);
  bar.Show(what, 0);
  return ReadImportTable(bytes, selection, [&](double share) { bar.Show(what, share); });
}

// Sends what was read; a file with something wrong in it is only checked, so that all of it is reported at once.
template <typename Request>
int Send(const Connection& connection, const Console& console, const ImportOptions& options, std::string_view what,
         std::string_view method, ImportTable table) {
  Request request;
  request.set_parent(options.trust);
  for (std::string& column : table.columns) request.add_columns(std::move(column));
  for (ImportRow& row : table.rows) *request.add_rows() = std::move(row);
  request.set_validate_only(options.dry_run || table.error_count > 0);
  request.set_request_id(NewRequestId());
  if (table.windows_1252) *console.err << options.path << " is not UTF-8 and was read as Windows-1252\n";

  ImportResponse response;
  if (request.rows_size() > 0) {
    ProgressBar bar(console);
    bar.Show(absl::StrCat(request.validate_only() ? "checking " : "importing ", request.rows_size(), " rows"), 0);
    const absl::Status status = Call(connection, method, request, &response);
    bar.Clear();
    if (!status.ok()) {
      // The errors of the file may be why the server cannot make sense of the rest.
      PrintErrors(console, table.errors, table.error_count);
      PrintError(console, what, status);
      return 1;
    }
  }
  std::vector<RowError> errors(response.errors().begin(), response.errors().end());
  errors.insert(errors.end(), table.errors.begin(), table.errors.end());
  if (const int count = response.error_count() + table.error_count; count > 0) {
    PrintErrors(console, std::move(errors), count);
    *console.err << what << ": " << count << (count == 1 ? " error" : " errors") << ", nothing was written\n";
    return 1;
  }
  *console.out << what << ": " << (options.dry_run ? "dry run, nothing written: would be " : "") << "created "
               << response.created_count() << ", updated " << response.updated_count() << ", unchanged "
               << response.unchanged_count() << "\n";
  return 0;
}

}  // namespace

int ImportSchools(const Connection& connection, const Console& console, const ImportOptions& options) {
  constexpr std::string_view kWhat = "import schools";
  GetTrustRequest get;
  get.set_name(options.trust);
  Trust trust;
  if (const absl::Status status = Call(connection, "OrganisationService.GetTrust", get, &trust); !status.ok()) {
    PrintError(console, kWhat, status);
    if (absl::IsNotFound(status))
      *console.err << "make it first: trust create " << names::IdOf(options.trust) << " --name=... --group-code=...\n";
    return 1;
  }
  ImportSelection selection{
      .columns = SchoolColumns(), .key_column = kTrustCodeColumn, .key = trust.group_code(), .max_rows = kMaxSchools};
  absl::StatusOr<ImportTable> table = Read(console, options, selection);
  if (!table.ok()) {
    PrintError(console, kWhat, table.status());
    return 1;
  }
  if (table->has_key_column && trust.group_code().empty()) {
    *console.err << kWhat << ": the file has schools of many trusts, and " << options.trust
                 << " has no group code by which to know its own: trust create " << names::IdOf(options.trust)
                 << " --group-code=...\n";
    return 1;
  }
  if (table->left_out > 0)
    *console.out << table->left_out << (table->left_out == 1 ? " row" : " rows") << " of other trusts left out\n";
  if (table->rows.empty() && table->error_count == 0) {
    *console.err << kWhat << ": the file has no school"
                 << (table->has_key_column ? absl::StrCat(" with ", trust.group_code(), " as its ", AbslView(kTrustCodeColumn))
                                           : "")
                 << "\n";
    return 1;
  }
  return Send<ImportSchoolsRequest>(connection, console, options, kWhat, "OrganisationService.ImportSchools", *std::move(table));
}

int ImportPeople(const Connection& connection, const Console& console, const ImportOptions& options) {
  constexpr std::string_view kWhat = "import people";
  absl::StatusOr<ImportTable> table = Read(console, options, {.columns = PersonColumns(), .max_rows = kMaxPeople});
  if (!table.ok()) {
    PrintError(console, kWhat, table.status());
    return 1;
  }
  if (table->rows.empty() && table->error_count == 0) {
    *console.err << kWhat << ": the file has no rows\n";
    return 1;
  }
  return Send<ImportPeopleRequest>(connection, console, options, kWhat, "PeopleService.ImportPeople", *std::move(table));
}

}  // namespace fivestrand::cli
