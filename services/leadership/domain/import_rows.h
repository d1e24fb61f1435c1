// Rows of files as records: the DfE's register of schools, and a list of people. Pure: texts in, records or errors out.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_IMPORT_ROWS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_IMPORT_ROWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "fivestrand/leadership/v1/import.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"

namespace fivestrand::leadership::domain {

// What is wrong with a file, in the order of its lines. Texts never repeat a cell: it may be personal.
class ImportErrors {
 public:
  static constexpr int kMaxReported = 1000;

  void Add(int line, std::string_view column, std::string_view reason);
  int count() const { return count_; }
  bool empty() const { return count_ == 0; }
  // Moves the errors into the answer.
  void MoveTo(v1::ImportResponse* response);

 private:
  std::vector<v1::RowError> errors_;
  int count_ = 0;
};

// Columns by name. Case, spaces and underscores do not matter.
class ImportColumns {
 public:
  // INVALID_ARGUMENT naming each of `required` that is missing, or a column that stands twice.
  static absl::StatusOr<ImportColumns> Read(const google::protobuf::RepeatedPtrField<std::string>& names,
                                            const std::vector<std::string>& required);

  // The cell without surrounding space; empty when the row or the file has no such column.
  std::string_view Cell(const v1::ImportRow& row, std::string_view column) const;
  int size() const { return size_; }

 private:
  absl::flat_hash_map<std::string, int> index_;
  int size_ = 0;
};

// A row of the DfE's extract. Dates are dd-mm-yyyy; codes are those of the register.
// Errors go to `errors` with the extract's own names of columns; the record is complete only when none was added.
v1::School ReadSchoolRow(const ImportColumns& columns, const v1::ImportRow& row, ImportErrors* errors);
const std::vector<std::string>& RequiredSchoolColumns();
inline constexpr std::string_view kTrustCodeColumn = "Trusts (code)";

// A row of a list of people: a person with the post that they hold.
struct PersonRow {
  v1::Person person;
  v1::Post post;  // without names of person and school; kind KIND_UNSPECIFIED when the row has no post
  std::string school_urn;
  type::v1::Role role = type::v1::ROLE_UNSPECIFIED;
};
// Dates are yyyy-mm-dd or dd/mm/yyyy; kinds and roles are written as in the contract, for example `senior leader`.
PersonRow ReadPersonRow(const ImportColumns& columns, const v1::ImportRow& row, ImportErrors* errors);
const std::vector<std::string>& RequiredPersonColumns();

// An id out of a name: `St Mary's C.E. Primary` is `st-marys-c-e-primary`; at most 40 characters, never empty.
std::string IdFromName(std::string_view name);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_IMPORT_ROWS_H_
