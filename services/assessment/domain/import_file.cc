#include "services/assessment/domain/import_file.h"

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::assessment::domain {
namespace {

// More rows than any trust has results in a file, and few enough to be held.
constexpr int kMaxRows = 5'000'000;
constexpr int kRowsBetweenLooks = 1024;

}  // namespace

absl::Status ImportFile::ForEach(const std::function<absl::Status(const csv::Row&)>& each) {
  csv::Row row;
  while (reader_.Next(&row)) {
    if (++row_count_ > kMaxRows)
      return status::InvalidField("file", absl::StrCat("has more than ", kMaxRows, " rows; cut it in pieces"));
    if (row_count_ <= preview_rows_) {
      v1::PreviewRow& shown = preview_.emplace_back();
      shown.set_line(row.line);
      for (const CompiledMapping::Column& column : mapping_.columns()) {
        v1::PreviewRow::Cell* cell = shown.add_cells();
        cell->set_column(column.header);
        cell->set_value(row.cells[column.place]);
      }
    }
    FIVESTRAND_RETURN_IF_ERROR(each(row));
    if (row_count_ % kRowsBetweenLooks == 0) {
      meter_.rows.store(row_count_);
      meter_.share.store(static_cast<int>(reader_.offset() * 1000 / (size_ + 1)));
    }
  }
  meter_.rows.store(row_count_);
  for (const csv::Problem& problem : reader_.problems()) {
    const auto column = static_cast<std::size_t>(problem.column);
    const auto& header = reader_.header();
    problems_.Add(problem.line,
                  column == 0               ? std::string()
                  : column <= header.size() ? header[column - 1]
                                            : absl::StrCat(column),
                  "", problem.reason);
  }
  problems_.AddCount(reader_.problem_count() - static_cast<int>(reader_.problems().size()));
  return absl::OkStatus();
}

std::string_view ImportFile::Value(const csv::Row& row, v1::ColumnMapping::Field field) const {
  const auto* column = mapping_.Find(field);
  return column == nullptr ? std::string_view() : Value(row, *column);
}

std::string_view ImportFile::HeaderOf(v1::ColumnMapping::Field field) const {
  const auto* column = mapping_.Find(field);
  return column == nullptr ? std::string_view() : std::string_view(column->header);
}

void ImportFile::Show(const csv::Row& row, const CompiledMapping::Column& column, std::string_view meaning) {
  if (row_count_ > preview_rows_ || preview_.empty()) return;
  const std::size_t place = static_cast<std::size_t>(&column - mapping_.columns().data());
  preview_.back().mutable_cells(static_cast<int>(place))->set_meaning(std::string(meaning));
}

void ImportFile::Wrong(const csv::Row& row, v1::ColumnMapping::Field field, std::string_view reason) {
  if (const auto* column = mapping_.Find(field)) return Wrong(row, *column, reason);
  problems_.Add(row.line, "", "", reason);
}

void ImportFile::Describe(v1::ImportAssessmentResponse* response) {
  response->set_row_count(row_count_);
  response->set_encoding(reader_.encoding() == csv::Encoding::kUtf8 ? "UTF-8" : "Windows-1252");
  response->set_separator(std::string(1, reader_.separator()));
  for (v1::PreviewRow& row : preview_) *response->add_preview() = std::move(row);
  preview_.clear();
  problems_.MoveTo(response);
}

}  // namespace fivestrand::assessment::domain
