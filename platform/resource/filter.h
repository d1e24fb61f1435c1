// `filter` and `order_by` of list methods, over the indexed fields of a declaration (AIP-160 and AIP-132, in part).
//
// A filter is comparisons joined by AND: `kind = BREAK AND start_time >= "2026-09-01T00:00:00Z"`. Operators: = != < <= > >= and
// `:*` (has a value), which `NOT` or `-` may precede. Literals: quoted text, numbers, true and false, names of enum values, RFC
// 3339 times, yyyy-mm-dd dates. Everything else of AIP-160 (OR, functions, nested fields) is refused.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_FILTER_H_
#define FIVESTRAND_PLATFORM_RESOURCE_FILTER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "platform/resource/declaration.h"

namespace fivestrand::resource {

inline constexpr size_t kMaxFilterBytes = 2000;
inline constexpr size_t kMaxFilterTerms = 20;
inline constexpr size_t kMaxOrderTerms = 4;

using Literal = std::variant<std::int64_t, std::string>;

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kPresent, kAbsent };

struct FilterTerm {
  const Column* column = nullptr;
  Comparison comparison = Comparison::kEqual;
  Literal literal;
};

// INVALID_ARGUMENT, reason INVALID_FILTER, naming the place. Never reads beyond kMaxFilterBytes.
absl::StatusOr<std::vector<FilterTerm>> ParseFilter(const Declaration& declaration, std::string_view text);

struct OrderTerm {
  const Column* column = nullptr;
  bool descending = false;
};

// `start_time desc, family_name`. INVALID_ARGUMENT, reason INVALID_FILTER.
absl::StatusOr<std::vector<OrderTerm>> ParseOrder(const Declaration& declaration, std::string_view text);

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_FILTER_H_
