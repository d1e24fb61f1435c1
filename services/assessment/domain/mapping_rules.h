// Mappings of columns: their rules, and one fitted to the header of a file.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_MAPPING_RULES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_MAPPING_RULES_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "fivestrand/assessment/v1/import_mapping.pb.h"

#include "platform/resource/strategy.h"
#include "platform/status/status.h"

namespace fivestrand::assessment::domain {

// What is wrong with the mapping by itself.
void CheckMapping(const v1::ColumnMapping& mapping, const std::function<std::string(std::string_view field)>& path,
                  status::FieldViolations* wrong);

class ColumnMappingStrategy : public resource::StrategyFor<v1::ColumnMapping> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::ColumnMapping* before, v1::ColumnMapping* after) override;
};

// A mapping that a file's header fits. Immutable.
class CompiledMapping {
 public:
  struct Column {
    // In the row's cells.
    std::size_t place = 0;
    // As the file has it.
    std::string header;
    v1::ColumnMapping::Field field = v1::ColumnMapping::FIELD_UNSPECIFIED;
    std::string subject, window;
    v1::GroupMembership::Group group = v1::GroupMembership::GROUP_UNSPECIFIED;
  };

  // INVALID_ARGUMENT naming each column of the mapping that the header does not have, or has twice.
  static absl::StatusOr<CompiledMapping> Fit(const v1::ColumnMapping& mapping, const std::vector<std::string>& header);

  v1::ImportKind kind() const { return kind_; }
  bool wide() const { return wide_; }
  bool day_first() const { return day_first_; }
  const std::vector<Column>& columns() const { return columns_; }
  // The first column of that field; null when there is none.
  const Column* Find(v1::ColumnMapping::Field field) const;

  // The cell's text as the mapping reads it: trimmed, blanks as nothing, aliases replaced. Valid as long as cell and mapping.
  std::string_view Value(v1::ColumnMapping::Field field, std::string_view cell) const;

 private:
  v1::ImportKind kind_ = v1::IMPORT_KIND_UNSPECIFIED;
  bool wide_ = false;
  bool day_first_ = true;
  std::vector<Column> columns_;
  absl::flat_hash_set<std::string> blanks_;
  // By field, then text in small letters.
  absl::flat_hash_map<int, absl::flat_hash_map<std::string, std::string>> aliases_;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_MAPPING_RULES_H_
