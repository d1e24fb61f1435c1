// The two macros for passing an error on; absl 20220623 has neither.
#ifndef FIVESTRAND_PLATFORM_STATUS_MACROS_H_
#define FIVESTRAND_PLATFORM_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the function when the expression, an absl::Status, is not OK.
#define FIVESTRAND_RETURN_IF_ERROR(expression)                                    \
  do {                                                                            \
    if (absl::Status fs_status = (expression); !fs_status.ok()) return fs_status; \
  } while (false)

#define FIVESTRAND_CONCAT_INNER(a, b) a##b
#define FIVESTRAND_CONCAT(a, b) FIVESTRAND_CONCAT_INNER(a, b)

// FIVESTRAND_ASSIGN_OR_RETURN(auto row, ReadRow()); declares or assigns the value of an absl::StatusOr, or returns its status.
#define FIVESTRAND_ASSIGN_OR_RETURN(target, expression) \
  FIVESTRAND_ASSIGN_OR_RETURN_IMPL(FIVESTRAND_CONCAT(fs_statusor_, __LINE__), target, expression)
#define FIVESTRAND_ASSIGN_OR_RETURN_IMPL(temporary, target, expression) \
  auto temporary = (expression);                                        \
  if (!temporary.ok()) return std::move(temporary).status();            \
  target = *std::move(temporary)

#endif  // FIVESTRAND_PLATFORM_STATUS_MACROS_H_
