#include "gateway/src/http/uri.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::http {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool Decode(std::string_view text, bool keep_slash, bool plus_is_space, bool allow_controls, std::string* out) {
  out->clear();
  out->reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      if (i + 2 >= text.size()) return false;
      const int high = HexDigit(text[i + 1]), low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      if (c == '/' && keep_slash) {
        out->append(text.substr(i, 3));
        i += 2;
        continue;
      }
      i += 2;
    }
    if (c == '\0' || (!allow_controls && absl::ascii_iscntrl(static_cast<unsigned char>(c)))) return false;
    out->push_back(c);
  }
  return true;
}

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text, bool keep_slash) {
  std::string out;
  if (!Decode(text, keep_slash, /*plus_is_space=*/false, /*allow_controls=*/false, &out)) return std::nullopt;
  return out;
}

std::optional<std::vector<QueryParameter>> ParseQuery(std::string_view query, size_t max) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (pair.empty()) continue;
    if (parameters.size() == max) return std::nullopt;
    QueryParameter& parameter = parameters.emplace_back();
    const size_t equals = pair.find('=');
    if (!Decode(pair.substr(0, equals), false, true, false, &parameter.key)) return std::nullopt;
    if (equals != std::string_view::npos && !Decode(pair.substr(equals + 1), false, true, true, &parameter.value))
      return std::nullopt;
  }
  return parameters;
}

std::optional<std::string_view> FindCookie(std::string_view header, std::string_view name) {
  std::optional<std::string_view> found;
  for (absl::string_view piece : absl::StrSplit(AbslView(header), ';')) {
    const std::string_view part = StdView(absl::StripAsciiWhitespace(piece));
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos || part.substr(0, equals) != name) continue;
    if (found) return std::nullopt;
    found = part.substr(equals + 1);
  }
  return found;
}

}  // namespace fivestrand::gateway::http
