#include "platform/resource/list_query.h"

#include <algorithm>
#include <google/protobuf/descriptor.h>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "platform/crypto/sealed_text.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::resource {
namespace {

// Order compares a value for NULL too, the same on both engines: as less than everything.
std::string OrderExpression(const Column& column) {
  const bool nullable = column.kind == ColumnKind::kTimestamp || column.kind == ColumnKind::kDate;
  return nullable ? absl::StrCat("COALESCE(", column.name, ", -9223372036854775807)") : column.name;
}

std::string_view Operator(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return " = ";
    case Comparison::kNotEqual:
      return " <> ";
    case Comparison::kLess:
      return " < ";
    case Comparison::kLessOrEqual:
      return " <= ";
    case Comparison::kGreater:
      return " > ";
    case Comparison::kGreaterOrEqual:
      return " >= ";
    case Comparison::kPresent:
    case Comparison::kAbsent:
      break;
  }
  return " = ";
}

std::string PresenceCondition(const Column& column, bool present) {
  switch (column.kind) {
    case ColumnKind::kTimestamp:
    case ColumnKind::kDate:
      return absl::StrCat(column.name, present ? " IS NOT NULL" : " IS NULL");
    case ColumnKind::kText:
      return absl::StrCat(column.name, present ? " <> ''" : " = ''");
    case ColumnKind::kInt:
    case ColumnKind::kEnum:
      break;
  }
  return absl::StrCat(column.name, present ? " <> 0" : " = 0");
}

// Length-prefixed parts.
void AppendPart(std::string* out, std::string_view part) {
  absl::StrAppend(out, part.size(), ":", AbslView(part));
}

std::optional<std::string_view> TakePart(std::string_view* in) {
  size_t size = 0, digits = 0;
  while (digits < in->size() && digits < 6 && (*in)[digits] >= '0' && (*in)[digits] <= '9')
    size = size * 10 + static_cast<size_t>((*in)[digits++] - '0');
  if (digits == 0 || digits >= in->size() || (*in)[digits] != ':' || in->size() - digits - 1 < size) return std::nullopt;
  std::string_view part = in->substr(digits + 1, size);
  in->remove_prefix(digits + 1 + size);
  return part;
}

bool IsText(const Column& column) {
  return column.kind == ColumnKind::kText;
}

}  // namespace

absl::StatusOr<int> PageSize(std::int32_t asked) {
  if (asked < 0) return status::InvalidField("page_size", "must not be negative");
  return asked == 0 ? kDefaultPageSize : std::min<int>(asked, kMaxPageSize);
}

std::string ListQuery::Bind(Value value) {
  values_.push_back(std::move(value));
  return absl::StrCat("$", values_.size());
}

std::vector<store::Param> ListQuery::params() const {
  std::vector<store::Param> params;
  params.reserve(values_.size());
  for (const Value& value : values_) params.push_back(value.text ? store::Param(value.bytes) : store::Param(value.number));
  return params;
}

std::string ListQuery::AccessCondition(const Declaration& declaration, const rpc::CallContext& context, bool any_school) {
  const auto* restricted = declaration.restricted_field;
  if (context.access.everything && restricted == nullptr) return {};
  std::vector<std::string> ways;
  if (context.access.everything) ways.push_back(absl::StrCat(restricted->name(), " = 0"));
  for (const identity::Reached& reached : context.access.reached) {
    std::vector<std::string> all;
    const identity::Grant& grant = *reached.grant;
    if (any_school && reached.reach != identity::Reach::kTrust && !grant.schools.empty()) {
      std::vector<std::string> schools;
      for (const std::string& school : grant.schools) schools.push_back(Bind({true, 0, absl::StrCat("schools/", school)}));
      all.push_back(absl::StrCat("parent IN (", absl::StrJoin(schools, ", "), ")"));
    }
    if (reached.reach == identity::Reach::kRowSchool && context.school.empty() && !grant.schools.empty()) {
      std::vector<std::string> schools;
      for (const std::string& school : grant.schools)
        schools.push_back(Bind({true, 0, absl::StrCat("trusts/", AbslView(context.trust), "/schools/", school)}));
      all.push_back(declaration.school_field == nullptr
                        ? "1 = 0"
                        : absl::StrCat(declaration.school_field->name(), " IN (", absl::StrJoin(schools, ", "), ")"));
    }
    if (restricted != nullptr && reached.reach != identity::Reach::kOwn) all.push_back(absl::StrCat(restricted->name(), " = 0"));
    if (reached.reach == identity::Reach::kOwn) {
      std::vector<std::string> own;
      for (const auto* field : declaration.own_fields) {
        if (field == declaration.name_field) {
          own.push_back(absl::StrCat("path = ", Bind({true, 0, std::string(PathOf(context.caller->subject))})));
        } else {
          own.push_back(absl::StrCat(field->name(), " = ", Bind({true, 0, context.caller->subject})));
        }
      }
      all.push_back(own.empty() ? "1 = 0" : absl::StrCat("(", absl::StrJoin(own, " OR "), ")"));
    }
    if (reached.reach == identity::Reach::kSubjectOrYear && grant.Limited()) {
      std::vector<std::string> limits;
      if (declaration.subject_field != nullptr) {
        for (const std::string& subject : grant.subjects) {
          limits.push_back(absl::StrCat(declaration.subject_field->name(), " = ",
                                        Bind({true, 0, absl::StrCat("trusts/", AbslView(context.trust), "/subjects/", subject)})));
        }
      }
      if (declaration.year_group_field != nullptr) {
        for (std::int32_t year : grant.year_groups)
          limits.push_back(absl::StrCat(declaration.year_group_field->name(), " = ", Bind({false, year, {}})));
      }
      all.push_back(limits.empty() ? "1 = 0" : absl::StrCat("(", absl::StrJoin(limits, " OR "), ")"));
    }
    if (all.empty()) return {};
    ways.push_back(absl::StrCat("(", absl::StrJoin(all, " AND "), ")"));
  }
  return ways.empty() ? "1 = 0" : absl::StrCat("(", absl::StrJoin(ways, " OR "), ")");
}

absl::StatusOr<ListQuery> ListQuery::Build(const Declaration& declaration, const rpc::CallContext& context,
                                           const ListRequest& request, const std::vector<const Column*>& hidden,
                                           const crypto::CookieSealer& tokens) {
  ListQuery query;
  FIVESTRAND_ASSIGN_OR_RETURN(query.page_size_, PageSize(request.page_size));
  FIVESTRAND_ASSIGN_OR_RETURN(std::vector<FilterTerm> filter, ParseFilter(declaration, request.filter));
  FIVESTRAND_ASSIGN_OR_RETURN(query.order_, ParseOrder(declaration, request.order_by));
  auto is_hidden = [&](const Column* column) {
    return std::find(hidden.begin(), hidden.end(), column) != hidden.end();
  };
  for (const FilterTerm& term : filter) {
    if (is_hidden(term.column))
      return status::Invalid(status::Reason::kInvalidFilter, "filter", "names a field that is not indexed");
  }
  for (const OrderTerm& term : query.order_) {
    if (is_hidden(term.column))
      return status::Invalid(status::Reason::kInvalidFilter, "order_by", "names a field that is not indexed");
  }

  std::vector<std::string> conditions;
  conditions.push_back(absl::StrCat("trust = ", query.Bind({true, 0, std::string(context.trust)})));
  const bool any_school = names::SchoolOf(request.parent) == names::kAny;
  if (!any_school) conditions.push_back(absl::StrCat("parent = ", query.Bind({true, 0, std::string(PathOf(request.parent))})));
  if (!request.show_deleted) conditions.emplace_back("delete_time IS NULL");
  if (std::string access = query.AccessCondition(declaration, context, any_school); !access.empty())
    conditions.push_back(std::move(access));
  for (const FilterTerm& term : filter) {
    if (term.comparison == Comparison::kPresent || term.comparison == Comparison::kAbsent) {
      conditions.push_back(PresenceCondition(*term.column, term.comparison == Comparison::kPresent));
      continue;
    }
    Value value;
    if (const auto* text = std::get_if<std::string>(&term.literal)) {
      value = {true, 0, *text};
    } else {
      value = {false, std::get<std::int64_t>(term.literal), {}};
    }
    conditions.push_back(absl::StrCat(term.column->name, AbslView(Operator(term.comparison)), query.Bind(std::move(value))));
  }

  query.binding_ = Digest(absl::StrCat(context.method->full_name(), "\n", context.caller->subject, "\n", request.parent),
                          absl::StrCat("\n", request.filter, "\n", request.order_by), request.show_deleted ? "1" : "0");
  if (!request.page_token.empty()) {
    const absl::Status mismatch =
        status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
    std::optional<std::string> opened = tokens.Open(request.page_token);
    if (!opened) return mismatch;
    std::string_view rest = *opened;
    std::optional<std::string_view> binding = TakePart(&rest);
    if (!binding || *binding != query.binding_) return mismatch;
    // Keyset: (a, b, path) after the last row, each in its own direction.
    std::vector<std::string> expressions, places;
    std::vector<bool> descending;
    for (const OrderTerm& term : query.order_) {
      std::optional<std::string_view> part = TakePart(&rest);
      if (!part) return mismatch;
      Value value{IsText(*term.column), 0, std::string(*part)};
      if (!value.text && !absl::SimpleAtoi(AbslView(*part), &value.number)) return mismatch;
      expressions.push_back(OrderExpression(*term.column));
      places.push_back(query.Bind(std::move(value)));
      descending.push_back(term.descending);
    }
    std::optional<std::string_view> path = TakePart(&rest);
    if (!path || !rest.empty()) return mismatch;
    expressions.emplace_back("path");
    places.push_back(query.Bind({true, 0, std::string(*path)}));
    descending.push_back(false);
    std::vector<std::string> ways;
    for (size_t i = 0; i < expressions.size(); ++i) {
      std::string way;
      for (size_t j = 0; j < i; ++j) absl::StrAppend(&way, expressions[j], " = ", places[j], " AND ");
      absl::StrAppend(&way, expressions[i], descending[i] ? " < " : " > ", places[i]);
      ways.push_back(absl::StrCat("(", way, ")"));
    }
    conditions.push_back(absl::StrCat("(", absl::StrJoin(ways, " OR "), ")"));
  }

  std::string columns = "record, path", order;
  for (const OrderTerm& term : query.order_) {
    absl::StrAppend(&columns, ", ", OrderExpression(*term.column));
    absl::StrAppend(&order, OrderExpression(*term.column), term.descending ? " DESC, " : ", ");
  }
  query.sql_ = absl::StrCat("SELECT ", columns, " FROM ", declaration.table, " WHERE ", absl::StrJoin(conditions, " AND "),
                            " ORDER BY ", order, "path");
  // One more than the page, to know whether there is a next one.
  absl::StrAppend(&query.sql_, " LIMIT ", query.Bind({false, query.page_size_ + 1, {}}));
  return query;
}

std::string ListQuery::NextToken(const store::Row& row, const crypto::CookieSealer& tokens) const {
  std::string content;
  AppendPart(&content, binding_);
  for (size_t i = 0; i < order_.size(); ++i) {
    const int column = static_cast<int>(i) + 2;
    if (IsText(*order_[i].column)) {
      AppendPart(&content, row.Text(column));
    } else {
      AppendPart(&content, absl::StrCat(row.Int(column)));
    }
  }
  AppendPart(&content, row.Text(1));
  // Encrypted, since the values of the last row may be personal and tokens end up in URLs.
  return tokens.Seal(content);
}

}  // namespace fivestrand::resource
