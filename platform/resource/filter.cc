#include "platform/resource/filter.h"

#include <google/protobuf/descriptor.h>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "platform/calendar/date_number.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::resource {
namespace {

absl::Status Refuse(std::string_view field, std::string_view what) {
  return status::Invalid(status::Reason::kInvalidFilter, field, what);
}

bool WordCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || c == '+';
}

struct Token {
  enum Kind { kEnd, kWord, kText, kOperator } kind = kEnd;
  std::string text;
};

// Splits the filter. Texts in quotes know \" and \\.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  absl::StatusOr<Token> Next() {
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    if (at_ == text_.size()) return Token{};
    char c = text_[at_];
    if (c == '"') return Quoted();
    for (std::string_view op : {"!=", "<=", ">=", ":*", "=", "<", ">"}) {
      if (text_.substr(at_, op.size()) == op) {
        at_ += op.size();
        return Token{Token::kOperator, std::string(op)};
      }
    }
    size_t start = at_;
    while (at_ < text_.size() && WordCharacter(text_[at_])) ++at_;
    if (at_ == start) return Refuse("filter", absl::StrCat("unexpected character at ", start + 1));
    return Token{Token::kWord, std::string(text_.substr(start, at_ - start))};
  }

 private:
  absl::StatusOr<Token> Quoted() {
    Token token{Token::kText, {}};
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '"') {
        ++at_;
        return token;
      }
      if (c == '\\') {
        if (++at_ == text_.size()) break;
        c = text_[at_];
        if (c != '"' && c != '\\') return Refuse("filter", absl::StrCat("unknown escape at ", at_ + 1));
      }
      token.text.push_back(c);
    }
    return Refuse("filter", "a text in quotes does not end");
  }

  std::string_view text_;
  size_t at_ = 0;
};

std::optional<std::int64_t> DateNumber(std::string_view text) {
  absl::CivilDay day;
  // CivilDay accepts more spellings than the one that is documented.
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !absl::ParseCivilTime(AbslView(text), &day)) return std::nullopt;
  return calendar::DateNumber(day);
}

absl::StatusOr<Literal> ReadLiteral(const Column& column, const Token& token) {
  if (token.kind != Token::kText && token.kind != Token::kWord)
    return Refuse("filter", absl::StrCat("a value must follow ", column.name));
  switch (column.kind) {
    case ColumnKind::kText:
      return Literal(token.text);
    case ColumnKind::kInt: {
      if (column.field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL) {
        if (token.text == "true") return Literal(std::int64_t{1});
        if (token.text == "false") return Literal(std::int64_t{0});
        return Refuse("filter", absl::StrCat(column.name, " is true or false"));
      }
      std::int64_t number = 0;
      if (!absl::SimpleAtoi(token.text, &number)) return Refuse("filter", absl::StrCat(column.name, " is a whole number"));
      return Literal(number);
    }
    case ColumnKind::kEnum: {
      const auto* value = column.field->enum_type()->FindValueByName(token.text);
      if (value == nullptr)
        return Refuse("filter", absl::StrCat(column.name, " has no such value; values are those of ",
                                             column.field->enum_type()->full_name()));
      return Literal(std::int64_t{value->number()});
    }
    case ColumnKind::kTimestamp: {
      absl::Time time;
      std::string error;
      if (!absl::ParseTime(absl::RFC3339_full, token.text, &time, &error)) {
        return Refuse("filter", absl::StrCat(column.name, " is a time such as \"2026-09-01T08:30:00Z\""));
      }
      return Literal(absl::ToUnixMicros(time));
    }
    case ColumnKind::kDate: {
      std::optional<std::int64_t> number = DateNumber(token.text);
      if (!number) return Refuse("filter", absl::StrCat(column.name, " is a date such as \"2026-09-01\""));
      return Literal(*number);
    }
  }
  return status::Internal("unknown kind of column");
}

std::optional<Comparison> ReadComparison(std::string_view op) {
  if (op == "=") return Comparison::kEqual;
  if (op == "!=") return Comparison::kNotEqual;
  if (op == "<") return Comparison::kLess;
  if (op == "<=") return Comparison::kLessOrEqual;
  if (op == ">") return Comparison::kGreater;
  if (op == ">=") return Comparison::kGreaterOrEqual;
  if (op == ":*") return Comparison::kPresent;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<FilterTerm>> ParseFilter(const Declaration& declaration, std::string_view text) {
  std::vector<FilterTerm> terms;
  if (text.size() > kMaxFilterBytes) return Refuse("filter", absl::StrCat("longer than ", kMaxFilterBytes, " bytes"));
  Lexer lexer(text);
  FIVESTRAND_ASSIGN_OR_RETURN(Token token, lexer.Next());
  while (token.kind != Token::kEnd) {
    bool negated = false;
    if (token.kind == Token::kWord && token.text == "NOT") {
      negated = true;
      FIVESTRAND_ASSIGN_OR_RETURN(token, lexer.Next());
    } else if (token.kind == Token::kWord && token.text.size() > 1 && token.text[0] == '-') {
      negated = true;
      token.text.erase(0, 1);
    }
    if (token.kind != Token::kWord) return Refuse("filter", "a field must stand here");
    FilterTerm term;
    term.column = declaration.FindColumn(token.text);
    if (term.column == nullptr) return Refuse("filter", "names a field that is not indexed");
    FIVESTRAND_ASSIGN_OR_RETURN(Token op, lexer.Next());
    std::optional<Comparison> comparison = op.kind == Token::kOperator ? ReadComparison(op.text) : std::nullopt;
    if (!comparison) return Refuse("filter", absl::StrCat("a comparison must follow ", term.column->name));
    if (*comparison == Comparison::kPresent) {
      term.comparison = negated ? Comparison::kAbsent : Comparison::kPresent;
    } else {
      if (negated) return Refuse("filter", "NOT stands before `field:*` only");
      term.comparison = *comparison;
      FIVESTRAND_ASSIGN_OR_RETURN(Token value, lexer.Next());
      FIVESTRAND_ASSIGN_OR_RETURN(term.literal, ReadLiteral(*term.column, value));
    }
    terms.push_back(std::move(term));
    if (terms.size() > kMaxFilterTerms) return Refuse("filter", absl::StrCat("more than ", kMaxFilterTerms, " comparisons"));
    FIVESTRAND_ASSIGN_OR_RETURN(token, lexer.Next());
    if (token.kind == Token::kEnd) break;
    if (token.kind != Token::kWord || token.text != "AND") return Refuse("filter", "comparisons are joined by AND");
    FIVESTRAND_ASSIGN_OR_RETURN(token, lexer.Next());
    if (token.kind == Token::kEnd) return Refuse("filter", "ends after AND");
  }
  return terms;
}

absl::StatusOr<std::vector<OrderTerm>> ParseOrder(const Declaration& declaration, std::string_view text) {
  std::vector<OrderTerm> terms;
  if (text.size() > kMaxFilterBytes) return Refuse("order_by", "too long");
  if (absl::StripAsciiWhitespace(AbslView(text)).empty()) return terms;
  for (absl::string_view part : absl::StrSplit(AbslView(text), ',')) {
    std::vector<absl::string_view> words = absl::StrSplit(part, ' ', absl::SkipWhitespace());
    if (words.empty() || words.size() > 2) return Refuse("order_by", "is a list of fields, each may be followed by desc");
    OrderTerm term;
    term.column = declaration.FindColumn(StdView(words[0]));
    if (term.column == nullptr) return Refuse("order_by", "names a field that is not indexed");
    if (words.size() == 2) {
      if (words[1] != "desc" && words[1] != "asc") return Refuse("order_by", "only desc or asc may follow a field");
      term.descending = words[1] == "desc";
    }
    for (const OrderTerm& earlier : terms) {
      if (earlier.column == term.column) return Refuse("order_by", absl::StrCat("names ", term.column->name, " twice"));
    }
    terms.push_back(term);
    if (terms.size() > kMaxOrderTerms) return Refuse("order_by", absl::StrCat("more than ", kMaxOrderTerms, " fields"));
  }
  return terms;
}

}  // namespace fivestrand::resource
