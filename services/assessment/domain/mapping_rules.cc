#include "services/assessment/domain/mapping_rules.h"

#include <algorithm>
#include <initializer_list>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/assessment/domain/import_text.h"

namespace fivestrand::assessment::domain {
namespace {

using Mapping = v1::ColumnMapping;
using Path = std::function<std::string(std::string_view)>;

// Blanks and aliases are compared as they stand, but for capitals: `EXS+` is not `EXS`, and `-` is something.
std::string TextKey(std::string_view text) {
  return absl::AsciiStrToLower(AbslView(TrimCell(text)));
}

int CountOf(const Mapping& mapping, Mapping::Field field) {
  return static_cast<int>(std::count_if(mapping.columns().begin(), mapping.columns().end(),
                                        [&](const Mapping::Column& column) { return column.field() == field; }));
}

void Require(const Mapping& mapping, std::initializer_list<Mapping::Field> fields, const Path& path,
             status::FieldViolations* wrong) {
  for (const Mapping::Field field : fields) {
    if (CountOf(mapping, field) == 0) wrong->Add(path("columns"), absl::StrCat("must have a column ", Mapping::Field_Name(field)));
  }
}

bool Repeatable(const Mapping& mapping, Mapping::Field field) {
  switch (field) {
    case Mapping::RESULT:
    case Mapping::GROUP:
      return mapping.shape() == Mapping::WIDE || mapping.kind() == v1::PUPILS;
    case Mapping::SCHOOL_CLASS:
      return mapping.kind() == v1::PUPILS;
    default:
      return false;
  }
}

bool Fits(const Mapping& mapping, Mapping::Field field) {
  static constexpr Mapping::Field kPupilFields[] = {Mapping::UPN,          Mapping::GIVEN_NAME,      Mapping::FAMILY_NAME,
                                                    Mapping::SEX,          Mapping::BIRTH_DATE,      Mapping::SCHOOL,
                                                    Mapping::YEAR_GROUP,   Mapping::START_DATE,      Mapping::END_DATE,
                                                    Mapping::SCHOOL_CLASS, Mapping::PRIOR_ATTAINMENT};
  static constexpr Mapping::Field kGroupFields[] = {Mapping::UPN,   Mapping::START_DATE,   Mapping::END_DATE,
                                                    Mapping::GROUP, Mapping::GROUP_DETAIL, Mapping::SEN_STATUS};
  static constexpr Mapping::Field kResultFields[] = {Mapping::UPN, Mapping::SUBJECT, Mapping::WINDOW, Mapping::RESULT};
  const auto in = [field](absl::Span<const Mapping::Field> fields) {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  };
  switch (mapping.kind()) {
    case v1::PUPILS:
      return in(kPupilFields);
    case v1::GROUPS:
      return in(kGroupFields);
    case v1::RESULTS:
      return in(kResultFields);
    default:
      return false;
  }
}

}  // namespace

void CheckMapping(const Mapping& mapping, const Path& path, status::FieldViolations* wrong) {
  std::set<std::string> headers;
  std::set<int> fields;
  const bool wide = mapping.shape() == Mapping::WIDE;
  for (int i = 0; i < mapping.columns_size(); ++i) {
    const Mapping::Column& column = mapping.columns(i);
    const auto at = [&](std::string_view field) {
      return path(absl::StrCat("columns[", i, "].", AbslView(field)));
    };
    if (!headers.insert(NormalText(column.header())).second) wrong->Add(at("header"), "stands twice");
    if (!Fits(mapping, column.field())) {
      wrong->Add(at("field"), "is not for this kind of file");
      continue;
    }
    if (!fields.insert(column.field()).second && !Repeatable(mapping, column.field())) wrong->Add(at("field"), "stands twice");
    if (column.field() == Mapping::RESULT && wide && column.subject().empty())
      wrong->Add(at("subject"), "is required in a wide file");
    if (column.field() == Mapping::GROUP && wide && column.group() == v1::GroupMembership::GROUP_UNSPECIFIED)
      wrong->Add(at("group"), "is required in a wide file");
    if (column.field() != Mapping::RESULT && (!column.subject().empty() || !column.window().empty()))
      wrong->Add(at("subject"), "and window are for columns of results");
  }
  Require(mapping, {Mapping::UPN}, path, wrong);
  if (mapping.kind() == v1::PUPILS)
    Require(mapping, {Mapping::GIVEN_NAME, Mapping::FAMILY_NAME, Mapping::SCHOOL, Mapping::YEAR_GROUP}, path, wrong);
  if (mapping.kind() == v1::RESULTS) Require(mapping, {Mapping::RESULT}, path, wrong);
  if (mapping.kind() == v1::GROUPS && CountOf(mapping, Mapping::SEN_STATUS) == 0) Require(mapping, {Mapping::GROUP}, path, wrong);
}

absl::Status ColumnMappingStrategy::Write(resource::WriteContext& context, const Mapping* before, Mapping* after) {
  status::FieldViolations wrong;
  if (after->shape() == Mapping::SHAPE_UNSPECIFIED) after->set_shape(Mapping::LONG);
  if (after->date_order() == Mapping::DATE_ORDER_UNSPECIFIED) after->set_date_order(Mapping::DAY_FIRST);
  CheckMapping(
      *after, [&](std::string_view field) { return context.Field(field); }, &wrong);
  return wrong.ToStatus();
}

absl::StatusOr<CompiledMapping> CompiledMapping::Fit(const Mapping& mapping, const std::vector<std::string>& header) {
  CompiledMapping fitted;
  fitted.kind_ = mapping.kind();
  fitted.wide_ = mapping.shape() == Mapping::WIDE;
  fitted.day_first_ = mapping.date_order() != Mapping::MONTH_FIRST;
  absl::flat_hash_map<std::string, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < header.size(); ++i) places[NormalText(header[i])].push_back(i);
  status::FieldViolations wrong;
  for (const Mapping::Column& column : mapping.columns()) {
    const auto found = places.find(NormalText(column.header()));
    if (found == places.end()) {
      wrong.Add("file", absl::StrCat("has no column ", column.header()));
      continue;
    }
    if (found->second.size() > 1) wrong.Add("file", absl::StrCat("has the column ", column.header(), " more than once"));
    const std::size_t place = found->second.front();
    fitted.columns_.push_back({place, header[place], column.field(), column.subject(), column.window(), column.group()});
  }
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  for (const std::string& blank : mapping.blanks()) fitted.blanks_.insert(TextKey(blank));
  for (const Mapping::Alias& alias : mapping.aliases()) fitted.aliases_[alias.field()][TextKey(alias.text())] = alias.means();
  return fitted;
}

const CompiledMapping::Column* CompiledMapping::Find(Mapping::Field field) const {
  for (const Column& column : columns_) {
    if (column.field == field) return &column;
  }
  return nullptr;
}

std::string_view CompiledMapping::Value(Mapping::Field field, std::string_view cell) const {
  cell = TrimCell(cell);
  if (cell.empty() || (!blanks_.empty() && blanks_.contains(TextKey(cell)))) return {};
  const auto of_field = aliases_.find(field);
  if (of_field == aliases_.end()) return cell;
  const auto means = of_field->second.find(TextKey(cell));
  return means == of_field->second.end() ? cell : std::string_view(means->second);
}

}  // namespace fivestrand::assessment::domain
