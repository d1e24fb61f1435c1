// Path templates of google.api.http, for example "/v1/{name=trusts/*/schools/*/visits/*}:complete".
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_PATH_TEMPLATE_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_PATH_TEMPLATE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fivestrand::gateway::transcode {

// A parsed template. "**" stands last if at all; no field is bound twice.
struct PathTemplate {
  enum class Kind { kLiteral, kStar, kDoubleStar };
  struct Segment {
    Kind kind = Kind::kLiteral;
    std::string literal;
  };
  // Binds the segments [begin, end) to a field of the request. With "**" the last segment stands for the rest of the path.
  struct Variable {
    std::string field_path;
    size_t begin = 0;
    size_t end = 0;
  };

  std::vector<Segment> segments;
  std::string verb;
  std::vector<Variable> variables;

  static absl::StatusOr<PathTemplate> Parse(std::string_view text);

  // The template without its variables: "/v1/trusts/*/schools/*/visits/*:complete". Two templates of the same shape match the same
  // paths.
  std::string Shape() const;
};

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_PATH_TEMPLATE_H_
