// Results of a file: read and checked on a snapshot, then written in one transaction.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_IMPORT_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_IMPORT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "platform/store/store.h"
#include "services/assessment/domain/result_book.h"
#include "services/assessment/store/import_facts.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::store {

class SqlResultImport : public domain::ResultImport {
 public:
  // The registry outlives it.
  SqlResultImport(const resource::Registry& registry, domain::ResultImportOptions options)
      : registry_(registry), options_(std::move(options)) {}

  absl::Status Load(fivestrand::store::Session& session) override;
  absl::Status Parse(domain::ImportFile* file) override;
  absl::Status Compare(fivestrand::store::Session& session, domain::ImportCounts* counts) const override;
  absl::Status Write(fivestrand::store::WriteTransaction& transaction, std::string_view actor, std::string_view digest,
                     domain::ImportMeter* meter, domain::ResultChanges* changes, domain::ImportCounts* counts) const override;

 private:
  // A window, subject and scale.
  struct Column {
    int window = 0;
    int subject = 0;
    std::string scale;
    const domain::CompiledScale* compiled = nullptr;
  };
  struct Parsed {
    std::int64_t value = 0;
    std::uint32_t pupil = 0;
    std::int32_t line = 0;
    std::int32_t outcome = 0;
    std::uint16_t column = 0;
    std::uint16_t school = 0;
    std::uint16_t place = 0;
    std::uint8_t year_group = 0;
  };
  class Reader;

  // One column's rows, in order of key.
  using Rows = std::vector<domain::ResultRow>;

  void FindDoubles(domain::ImportFile* file);
  // Calls `fresh` with the rows of a column that are new, and `changed` with those that differ from what stands there.
  absl::Status Merge(fivestrand::store::Session& session, Rows& rows, absl::FunctionRef<absl::Status(Rows& fresh)> fresh,
                     absl::FunctionRef<absl::Status(const domain::ResultRow& before, domain::ResultRow& after)> changed,
                     domain::ImportCounts* counts) const;
  // By column, in order of key; a name without number, which then has no results yet, leaves `known` false.
  struct ColumnRows {
    const Column* column;
    bool known = true;
    Rows rows;
  };
  std::vector<ColumnRows> RowsOf(std::int32_t trust, const std::vector<std::int32_t>& windows,
                                 const std::vector<std::int32_t>& subjects,
                                 const absl::flat_hash_map<std::string, std::int32_t>& scales,
                                 const std::vector<std::int32_t>& pupils, const std::vector<std::int32_t>& schools,
                                 std::int32_t author) const;

  // Resource id.
  std::string_view trust() const;

  const resource::Registry& registry_;
  const domain::ResultImportOptions options_;
  ImportFacts facts_;
  std::vector<Column> columns_;
  std::vector<Parsed> parsed_;
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_IMPORT_H_
