#include "platform/store/core/dialect.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace fivestrand::store {
namespace {

enum class TokenKind { kSpace, kWord, kQuoted, kOther };

struct Token {
  TokenKind kind;
  std::string_view text;
};

bool IsWordChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

std::size_t EndOf(std::string_view sql, std::string_view mark, std::size_t from) {
  const std::size_t found = sql.find(mark, from);
  return found == std::string_view::npos ? sql.size() : found + mark.size();
}

// Comments count as space. A doubled quote inside quotes reads as two quoted parts, which is right for copying.
Token Next(std::string_view sql) {
  const char c = sql[0];
  std::size_t end = 1;
  TokenKind kind = TokenKind::kOther;
  if (absl::ascii_isspace(static_cast<unsigned char>(c))) {
    kind = TokenKind::kSpace;
    while (end < sql.size() && absl::ascii_isspace(static_cast<unsigned char>(sql[end]))) ++end;
  } else if (sql.substr(0, 2) == "--") {
    kind = TokenKind::kSpace;
    end = EndOf(sql, "\n", 2);
  } else if (sql.substr(0, 2) == "/*") {
    kind = TokenKind::kSpace;
    end = EndOf(sql, "*/", 2);
  } else if (c == '\'' || c == '"') {
    kind = TokenKind::kQuoted;
    end = EndOf(sql, sql.substr(0, 1), 1);
  } else if (IsWordChar(c)) {
    kind = TokenKind::kWord;
    while (end < sql.size() && IsWordChar(sql[end])) ++end;
  }
  return {kind, sql.substr(0, end)};
}

}  // namespace

std::string TranslateForSqlite(std::string_view sql) {
  std::string out;
  std::string_view first, second;  // the first two words of the statement
  std::size_t after_paren = 0;     // where its last closing parenthesis ends in `out`
  auto end_statement = [&] {
    if (absl::EqualsIgnoreCase(absl::string_view(first.data(), first.size()), "CREATE") &&
        absl::EqualsIgnoreCase(absl::string_view(second.data(), second.size()), "TABLE")) {
      out.insert(after_paren, " STRICT");
    }
    first = second = {};
  };
  while (!sql.empty()) {
    const Token token = Next(sql);
    sql.remove_prefix(token.text.size());
    if (token.text == ";") end_statement();
    if (token.kind == TokenKind::kWord) {
      if (first.empty()) {
        first = token.text;
      } else if (second.empty()) {
        second = token.text;
      }
    }
    if (token.kind != TokenKind::kWord) {
      out.append(token.text);
      if (token.text == ")") after_paren = out.size();
    } else if (token.text == "BIGINT") {
      out.append("INTEGER");
    } else if (token.text == "BYTEA") {
      out.append("BLOB");
    } else if (token.text == "DOUBLE") {
      out.append("REAL");
    } else if (token.text != "PRECISION") {
      out.append(token.text);
    }
  }
  end_statement();
  return out;
}

std::string TranslateForPostgres(std::string_view sql) {
  std::string out;
  while (!sql.empty()) {
    const Token token = Next(sql);
    sql.remove_prefix(token.text.size());
    out.append(token.text);
    if (token.kind == TokenKind::kWord && token.text == "TEXT") out.append(" COLLATE \"C\"");
  }
  return out;
}

}  // namespace fivestrand::store
