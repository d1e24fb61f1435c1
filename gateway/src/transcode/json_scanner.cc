#include "gateway/src/transcode/json_scanner.h"

#include <cstdint>

#include "absl/strings/ascii.h"

#include "gateway/src/transcode/json_text.h"

namespace fivestrand::gateway::transcode {

char JsonScanner::Peek() {
  while (!rest_.empty()) {
    const char c = rest_.front();
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return c;
    rest_.remove_prefix(1);
  }
  return '\0';
}

bool JsonScanner::Take(char c) {
  if (Peek() != c || rest_.empty()) return false;
  rest_.remove_prefix(1);
  return true;
}

bool JsonScanner::TakeWord(std::string_view word) {
  Peek();
  if (rest_.substr(0, word.size()) != word) return false;
  rest_.remove_prefix(word.size());
  return rest_.empty() || !absl::ascii_isalnum(rest_.front());
}

bool JsonScanner::TakeString(std::string* value) {
  value->clear();
  if (!Take('"')) return false;
  for (;;) {
    size_t plain = 0;
    while (plain < rest_.size() && rest_[plain] != '"' && rest_[plain] != '\\' && static_cast<unsigned char>(rest_[plain]) >= 0x20)
      ++plain;
    value->append(rest_.data(), plain);
    rest_.remove_prefix(plain);
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') return IsValidUtf8(*value);
    if (c != '\\' || !TakeEscape(value)) return false;  // A bare control character is not allowed either.
  }
}

bool JsonScanner::TakeEscape(std::string* value) {
  if (rest_.empty()) return false;
  const char c = rest_.front();
  rest_.remove_prefix(1);
  switch (c) {
    case '"':
    case '\\':
    case '/':
      value->push_back(c);
      return true;
    case 'b':
      value->push_back('\b');
      return true;
    case 'f':
      value->push_back('\f');
      return true;
    case 'n':
      value->push_back('\n');
      return true;
    case 'r':
      value->push_back('\r');
      return true;
    case 't':
      value->push_back('\t');
      return true;
    case 'u':
      break;
    default:
      return false;
  }
  uint32_t code, low;
  if (!TakeHex4(&code)) return false;
  if (code >= 0xDC00 && code <= 0xDFFF) return false;
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (rest_.substr(0, 2) != "\\u") return false;
    rest_.remove_prefix(2);
    if (!TakeHex4(&low) || low < 0xDC00 || low > 0xDFFF) return false;
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  AppendUtf8(code, value);
  return true;
}

bool JsonScanner::TakeHex4(uint32_t* value) {
  if (rest_.size() < 4) return false;
  *value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = absl::ascii_tolower(rest_[i]);
    if (!absl::ascii_isxdigit(c)) return false;
    *value = *value * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
  }
  rest_.remove_prefix(4);
  return true;
}

bool JsonScanner::TakeDigits(size_t* at) const {
  const size_t start = *at;
  while (*at < rest_.size() && absl::ascii_isdigit(rest_[*at])) ++*at;
  return *at > start;
}

bool JsonScanner::TakeNumber(std::string_view* text) {
  Peek();
  size_t at = 0;
  if (at < rest_.size() && rest_[at] == '-') ++at;
  const size_t first = at;
  if (!TakeDigits(&at) || (rest_[first] == '0' && at > first + 1)) return false;
  if (at < rest_.size() && rest_[at] == '.' && !TakeDigits(&++at)) return false;
  if (at < rest_.size() && (rest_[at] == 'e' || rest_[at] == 'E')) {
    ++at;
    if (at < rest_.size() && (rest_[at] == '+' || rest_[at] == '-')) ++at;
    if (!TakeDigits(&at)) return false;
  }
  *text = rest_.substr(0, at);
  rest_.remove_prefix(at);
  return true;
}

bool JsonScanner::SkipValue(int depth) {
  std::string ignored;
  std::string_view number;
  if (depth > kMaxDepth) return false;
  switch (Peek()) {
    case '"':
      return TakeString(&ignored);
    case 't':
      return TakeWord("true");
    case 'f':
      return TakeWord("false");
    case 'n':
      return TakeWord("null");
    case '[':
      Take('[');
      if (Take(']')) return true;
      do {
        if (!SkipValue(depth + 1)) return false;
      } while (Take(','));
      return Take(']');
    case '{':
      Take('{');
      if (Take('}')) return true;
      do {
        if (!TakeString(&ignored) || !Take(':') || !SkipValue(depth + 1)) return false;
      } while (Take(','));
      return Take('}');
    default:
      return TakeNumber(&number);
  }
}

}  // namespace fivestrand::gateway::transcode
