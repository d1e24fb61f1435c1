#include "services/assessment/api/import_support.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "services/assessment/domain/import_text.h"
#include "services/assessment/domain/upn.h"

namespace fivestrand::assessment::api {

std::string CellReader::Upn(const csv::Row& row) {
  std::string upn = domain::NormalUpn(file_.Value(row, v1::ColumnMapping::UPN));
  const std::string_view fault = upn.empty() ? std::string_view("must not be empty") : domain::UpnFault(upn);
  if (fault.empty()) return upn;
  file_.Wrong(row, v1::ColumnMapping::UPN, fault);
  return {};
}

std::string CellReader::Text(const csv::Row& row, v1::ColumnMapping::Field field, bool required, std::size_t max_characters) {
  const std::string_view text = file_.Value(row, field);
  if (text.empty() && required) file_.Wrong(row, field, "must not be empty");
  const auto characters = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  if (characters > max_characters) file_.Wrong(row, field, absl::StrCat("must not be longer than ", max_characters, " characters"));
  return std::string(text);
}

std::optional<absl::CivilDay> CellReader::Date(const csv::Row& row, v1::ColumnMapping::Field field) {
  const std::string_view text = file_.Value(row, field);
  if (text.empty()) return std::nullopt;
  std::optional<absl::CivilDay> day = domain::ParseDate(text, file_.mapping().day_first());
  if (!day)
    file_.Wrong(row, field,
                file_.mapping().day_first() ? "must be a date with a year of four digits, such as 01/09/2026"
                                            : "must be a date with a year of four digits, such as 09/01/2026");
  return day;
}

absl::Status RecordCounter::Take(int line, const absl::Status& status) {
  const auto violations = status::ViolationsOf(status);
  if (violations.empty()) return status;
  for (const status::FieldViolation& violation : violations)
    problems_.Add(line, "", "", absl::StrCat(violation.field, " ", violation.description));
  return absl::OkStatus();
}

absl::Status RecordCounter::Created(int line, const absl::Status& status) {
  if (!status.ok()) return Take(line, status);
  ++counts_.created;
  return absl::OkStatus();
}

absl::Status RecordCounter::Updated(int line, const absl::Status& status, bool changed) {
  if (!status.ok()) return Take(line, status);
  ++(changed ? counts_.updated : counts_.unchanged);
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
