#include "gateway/src/transcode/path_template.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

constexpr size_t kMaxSegments = 32;

// Reads a template from left to right:
//   Template = "/" Segments [ ":" LITERAL ] ; Segment = "*" | "**" | LITERAL | "{" FieldPath [ "=" Segments ] "}"
class Reader {
 public:
  explicit Reader(std::string_view text) : all_(text), rest_(text) {}

  absl::StatusOr<PathTemplate> Read() {
    if (!Take('/')) return Error("it must begin with '/'");
    if (absl::Status segments = ReadSegments(/*in_variable=*/false); !segments.ok()) return segments;
    if (Take(':')) {
      result_.verb = std::string(TakeLiteral());
      if (result_.verb.empty()) return Error("the verb after ':' is empty");
    }
    if (!rest_.empty()) return Error(absl::StrCat("cannot read on from '", AbslView(rest_), "'"));
    for (size_t i = 0; i + 1 < result_.segments.size(); ++i) {
      if (result_.segments[i].kind == PathTemplate::Kind::kDoubleStar) return Error("'**' must be the last segment");
    }
    if (result_.segments.size() > kMaxSegments) return Error("it has too many segments");
    return std::move(result_);
  }

 private:
  absl::Status ReadSegments(bool in_variable) {
    do {
      if (absl::Status one = ReadSegment(in_variable); !one.ok()) return one;
    } while (Take('/'));
    return absl::OkStatus();
  }

  absl::Status ReadSegment(bool in_variable) {
    using Kind = PathTemplate::Kind;
    if (Take('*')) {
      result_.segments.push_back({Take('*') ? Kind::kDoubleStar : Kind::kStar, ""});
      return absl::OkStatus();
    }
    if (Take('{')) {
      if (in_variable) return Error("a variable stands in a variable");
      return ReadVariable();
    }
    const std::string_view literal = TakeLiteral();
    if (literal.empty()) return Error("a segment is empty");
    result_.segments.push_back({Kind::kLiteral, std::string(literal)});
    return absl::OkStatus();
  }

  absl::Status ReadVariable() {
    PathTemplate::Variable variable;
    const size_t end = rest_.find_first_of("=}");
    if (end == std::string_view::npos || end == 0) return Error("a variable is not complete");
    variable.field_path = std::string(rest_.substr(0, end));
    for (char c : variable.field_path) {
      if (!absl::ascii_isalnum(c) && c != '_' && c != '.') return Error("a field path has an odd character");
    }
    for (const auto& other : result_.variables) {
      if (other.field_path == variable.field_path) return Error("a field is bound twice");
    }
    rest_.remove_prefix(end);
    variable.begin = result_.segments.size();
    if (Take('=')) {
      if (absl::Status inner = ReadSegments(/*in_variable=*/true); !inner.ok()) return inner;
    } else {
      result_.segments.push_back({PathTemplate::Kind::kStar, ""});
    }
    variable.end = result_.segments.size();
    if (!Take('}')) return Error("a variable does not end");
    result_.variables.push_back(std::move(variable));
    return absl::OkStatus();
  }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view TakeLiteral() {
    const size_t end = std::min(rest_.find_first_of("/:{}*="), rest_.size());
    const std::string_view literal = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return literal;
  }

  absl::Status Error(absl::string_view why) const {
    return absl::InvalidArgumentError(absl::StrCat("path template '", AbslView(all_), "': ", why));
  }

  const std::string_view all_;
  std::string_view rest_;
  PathTemplate result_;
};

}  // namespace

absl::StatusOr<PathTemplate> PathTemplate::Parse(std::string_view text) {
  return Reader(text).Read();
}

std::string PathTemplate::Shape() const {
  std::string shape;
  for (const Segment& segment : segments) {
    shape.push_back('/');
    switch (segment.kind) {
      case Kind::kLiteral:
        shape.append(segment.literal);
        break;
      case Kind::kStar:
        shape.append("*");
        break;
      case Kind::kDoubleStar:
        shape.append("**");
        break;
    }
  }
  if (!verb.empty()) absl::StrAppend(&shape, ":", verb);
  return shape;
}

}  // namespace fivestrand::gateway::transcode
