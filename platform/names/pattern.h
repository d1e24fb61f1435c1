// Patterns of resource names, as google.api.resource declares them.
#ifndef FIVESTRAND_PLATFORM_NAMES_PATTERN_H_
#define FIVESTRAND_PLATFORM_NAMES_PATTERN_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivestrand::names {

// The values of a pattern's variables, in order; they point into the name that was matched.
using Segments = absl::InlinedVector<std::string_view, 6>;

// Whether "-" (any) may stand for an id; only parents of lists take it.
enum class Wildcard { kRefuse, kAllow };

// Immutable; safe to share between threads.
class Pattern {
 public:
  // `trusts/{trust}/schools/{school}/dropIns/{drop_in}`; a singleton ends in a literal: `trusts/{trust}/model`. INVALID_ARGUMENT
  // when it starts with a variable, has two variables in a row, an empty or repeated one, or characters that no name has.
  static absl::StatusOr<Pattern> Parse(std::string_view text);

  // The ids in `name` when it has exactly this shape and every id is valid.
  std::optional<Segments> Match(std::string_view name, Wildcard wildcard = Wildcard::kRefuse) const;
  bool Matches(std::string_view name) const { return Match(name).has_value(); }

  // Puts ids in the place of the variables; empty when their number is wrong or one is not a valid id.
  std::string Format(absl::Span<const std::string_view> ids) const;

  // Name of a child: `parent` + "/" + Collection() + "/" + `id`. The caller has checked both.
  std::string ChildName(std::string_view parent, std::string_view id) const;

  // Last literal: "dropIns".
  std::string_view Collection() const;
  // The pattern without collection and last variable; empty text for a top-level resource.
  std::string_view ParentText() const;
  bool singleton() const { return singleton_; }
  const std::string& text() const { return text_; }
  // Names of the variables: "trust", "school", "drop_in".
  const std::vector<std::string>& variables() const { return variables_; }

 private:
  struct Part {
    std::string literal;  // Empty: a variable.
  };

  Pattern() = default;

  std::string text_;
  std::vector<Part> parts_;
  std::vector<std::string> variables_;
  bool singleton_ = false;
};

}  // namespace fivestrand::names

#endif  // FIVESTRAND_PLATFORM_NAMES_PATTERN_H_
