// A file on its way into the store, whatever it holds.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_FILE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_FILE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/import_service.pb.h"

#include "platform/csv/csv.h"
#include "services/assessment/domain/import_problems.h"
#include "services/assessment/domain/mapping_rules.h"

namespace fivestrand::assessment::domain {

// How far an import is; read by others while it goes on.
struct ImportMeter {
  std::atomic<int> phase{v1::ImportProgress::RECEIVING};
  std::atomic<std::int64_t> bytes{0};
  std::atomic<std::int64_t> rows{0};
  // In thousandths of the phase.
  std::atomic<int> share{0};
};

// Reads rows through a mapping. Not thread-safe.
class ImportFile {
 public:
  // The reader's bytes, of which there are `size`, the mapping, which fits the reader's header, and the meter outlive it.
  ImportFile(csv::Reader reader, std::size_t size, const CompiledMapping& mapping, int preview_rows, ImportMeter* meter)
      : reader_(std::move(reader)), size_(size), mapping_(mapping), preview_rows_(preview_rows), meter_(*meter) {}

  // Calls `each` for every row; a row with a problem of its own is passed over and noted.
  absl::Status ForEach(const std::function<absl::Status(const csv::Row& row)>& each);

  // The text of the column as the mapping reads it.
  std::string_view Value(const csv::Row& row, const CompiledMapping::Column& column) const {
    return mapping_.Value(column.field, row.cells[column.place]);
  }
  // Empty when the file has no such column.
  std::string_view Value(const csv::Row& row, v1::ColumnMapping::Field field) const;
  std::string_view HeaderOf(v1::ColumnMapping::Field field) const;

  // Notes what a cell means, for the preview, if the row is one of the first.
  bool previewing() const { return row_count_ <= preview_rows_; }
  void Show(const csv::Row& row, const CompiledMapping::Column& column, std::string_view meaning);

  void Wrong(const csv::Row& row, const CompiledMapping::Column& column, std::string_view reason) {
    problems_.Add(row.line, column.header, row.cells[column.place], reason);
  }
  void Wrong(const csv::Row& row, v1::ColumnMapping::Field field, std::string_view reason);

  const CompiledMapping& mapping() const { return mapping_; }
  ImportProblems& problems() { return problems_; }
  int row_count() const { return row_count_; }
  // Row count, problems, preview, encoding and separator.
  void Describe(v1::ImportAssessmentResponse* response);

 private:
  csv::Reader reader_;
  const std::size_t size_;
  const CompiledMapping& mapping_;
  const int preview_rows_;
  ImportMeter& meter_;
  ImportProblems problems_;
  std::vector<v1::PreviewRow> preview_;
  int row_count_ = 0;
};

// What an import did.
struct ImportCounts {
  int created = 0;
  int updated = 0;
  int unchanged = 0;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_FILE_H_
