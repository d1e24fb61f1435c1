// Files of pupils, groups and results for the assessment service, as they are.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_ASSESSMENT_COMMAND_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_ASSESSMENT_COMMAND_H_

#include <string>

#include "fivestrand/assessment/v1/import_mapping.pb.h"

#include "services/suite/cli/connection.h"
#include "services/suite/cli/console.h"

namespace fivestrand::cli {

struct AssessmentImportOptions {
  // trusts/{trust}.
  std::string trust;
  std::string path;
  // What the file must hold, whatever the mapping says.
  assessment::v1::ImportKind kind{};
  // Id of a saved mapping, or the path of a file with one as JSON (its name ends in .json).
  std::string mapping;
  // Ids; may be empty.
  std::string window;
  std::string subject;
  // yyyy-mm-dd, or empty.
  std::string start_date;
  bool dry_run = false;
};

// Sends the file and shows how far it is. Exit code 0, or 1 when anything was wrong, in which case nothing was written.
int ImportAssessmentFile(const Connection& connection, const Console& console, const AssessmentImportOptions& options);

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_IMPORT_ASSESSMENT_COMMAND_H_
