// The commands that take files into a trust. All rows of a file or none; what is wrong is reported by line, column and reason.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_COMMAND_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_COMMAND_H_

#include <string>

#include "services/suite/cli/connection.h"
#include "services/suite/cli/console.h"

namespace fivestrand::cli {

struct ImportOptions {
  // trusts/{trust}.
  std::string trust;
  std::string path;
  // Checks everything and writes nothing.
  bool dry_run = false;
};

// Each returns the exit code: 0, or 1 when anything was wrong, in which case nothing was written.

// The DfE's register of schools, of which only the trust's own rows are taken: those with its group code.
int ImportSchools(const Connection& connection, const Console& console, const ImportOptions& options);
int ImportPeople(const Connection& connection, const Console& console, const ImportOptions& options);
// The government's JSON. Adds the days that are missing and corrects titles; days that were deleted in the trust stay so.
// Everything is checked first; a new title is written after the new days, so a call that fails between them can be repeated.
int ImportBankHolidays(const Connection& connection, const Console& console, const ImportOptions& options);

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_COMMAND_H_
