// Files of pupils and of groups as records of the registry.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_RECORDS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_RECORDS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/pupils.pb.h"

#include "platform/store/session.h"
#include "services/assessment/domain/import_file.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::resource {
class Registry;
class WriteContext;
}  // namespace fivestrand::resource

namespace fivestrand::assessment::api {

// A row of a file of pupils, as it was read.
struct PupilRow {
  int line = 0;
  v1::Pupil pupil;
  // Resource names.
  std::string school;
  std::vector<std::string> classes;
  type::v1::YearGroup year_group{};
  absl::CivilDay start;
  bool start_given = false;
  std::optional<absl::CivilDay> end;
};

// A row, or a cell of a wide row, of a file of groups.
struct GroupRow {
  int line = 0;
  std::string upn;
  v1::GroupMembership::Group group{};
  std::string detail;
  // Not in the group (any more).
  bool out = false;
  absl::CivilDay start;
  std::optional<absl::CivilDay> end;
};

struct RecordImportOptions {
  // Outlives the import.
  const domain::RecordSource* source = nullptr;
  // Resource name.
  std::string trust;
  // First day of what is new and has none in the file.
  absl::CivilDay start;
};

// Read the file against a snapshot; problems go to the file.
absl::Status ReadPupilRows(const resource::Registry& registry, fivestrand::store::Session& session,
                           const RecordImportOptions& options, domain::ImportFile* file, std::vector<PupilRow>* rows);
absl::Status ReadGroupRows(const resource::Registry& registry, fivestrand::store::Session& session,
                           const RecordImportOptions& options, domain::ImportFile* file, std::vector<GroupRow>* rows);

// Write the rows. What a single row breaks goes to `problems`; any other error ends the import.
absl::Status WritePupilRows(const resource::Registry& registry, resource::WriteContext& write, const RecordImportOptions& options,
                            const std::vector<PupilRow>& rows, domain::ImportMeter* meter, domain::ImportProblems* problems,
                            domain::ImportCounts* counts);
absl::Status WriteGroupRows(const resource::Registry& registry, resource::WriteContext& write, const RecordImportOptions& options,
                            const std::vector<GroupRow>& rows, domain::ImportMeter* meter, domain::ImportProblems* problems,
                            domain::ImportCounts* counts);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_RECORDS_H_
