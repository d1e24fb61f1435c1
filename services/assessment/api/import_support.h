// What imports of pupils and of groups have in common.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_SUPPORT_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_SUPPORT_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/resource/write_context.h"
#include "services/assessment/domain/import_file.h"
#include "services/assessment/domain/pupil_rules.h"

namespace fivestrand::assessment::api {

// Cells as values, with their problems noted.
class CellReader {
 public:
  explicit CellReader(domain::ImportFile* file) : file_(*file) {}

  // Empty when it is wrong.
  std::string Upn(const csv::Row& row);
  std::string Text(const csv::Row& row, v1::ColumnMapping::Field field, bool required, std::size_t max_characters);
  std::optional<absl::CivilDay> Date(const csv::Row& row, v1::ColumnMapping::Field field);

  // Nothing for an empty cell.
  template <typename Value>
  std::optional<Value> Parse(const csv::Row& row, v1::ColumnMapping::Field field, std::optional<Value> (*parse)(std::string_view),
                             std::string_view expected) {
    const std::string_view text = file_.Value(row, field);
    if (text.empty()) return std::nullopt;
    std::optional<Value> value = parse(text);
    if (!value) file_.Wrong(row, field, expected);
    return value;
  }

 private:
  domain::ImportFile& file_;
};

// Counts what writes did, and makes problems of what a row breaks. Answers with errors that are no row's fault.
class RecordCounter {
 public:
  RecordCounter(domain::ImportProblems* problems, domain::ImportCounts* counts) : problems_(*problems), counts_(*counts) {}

  absl::Status Created(int line, const absl::Status& status);
  absl::Status Updated(int line, const absl::Status& status, bool changed);

 private:
  absl::Status Take(int line, const absl::Status& status);

  domain::ImportProblems& problems_;
  domain::ImportCounts& counts_;
};

// Whether the span of a dated record and [start, end] have a day in common.
template <typename Dated>
bool Touches(const Dated& record, absl::CivilDay start, std::optional<absl::CivilDay> end) {
  const absl::CivilDay far(9999, 12, 31);
  const absl::CivilDay own_start = calendar::FromProto(record.start_date()).value_or(absl::CivilDay(1, 1, 1));
  const absl::CivilDay own_end = record.has_end_date() ? calendar::FromProto(record.end_date()).value_or(far) : far;
  return own_start <= end.value_or(far) && own_end >= start;
}

// Gives the record its last day, if one is given and it has another.
template <typename Dated>
absl::Status SetEnd(resource::WriteContext& write, const Dated& record, std::optional<absl::CivilDay> end, int line,
                    RecordCounter* counter) {
  const std::optional<absl::CivilDay> was = record.has_end_date() ? calendar::FromProto(record.end_date()) : std::nullopt;
  if (!end || end == was) return counter->Updated(line, absl::OkStatus(), false);
  Dated now;
  return counter->Updated(line,
                          write.Update(record.name(), {}, "update", &now,
                                       [&] {
                                         *now.mutable_end_date() = calendar::ToProto(*end);
                                         return absl::OkStatus();
                                       }),
                          true);
}

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_SUPPORT_H_
