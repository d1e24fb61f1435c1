// An engine's error as our status, and what the observer is told of it.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_ERROR_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_ERROR_H_

#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/store/store.h"

namespace fivestrand::store {

// When a caller should try again after UNAVAILABLE or ABORTED.
inline constexpr absl::Duration kRetryAfter = absl::Seconds(1);

struct EngineError {
  absl::Status status;
  std::optional<StoreErrorKind> kind;  // nothing for what callers cause: taken keys, deadlines
};

// The errors that both engines have.
EngineError KeyTaken(std::string_view cause);
EngineError ForeignKeyBroken(std::string_view cause);
EngineError StoreUnavailable(StoreErrorKind kind, std::string_view description, std::string_view cause);
EngineError LostConflict(std::string_view cause);
EngineError Unforeseen(std::string_view cause);

// Passes the kind on, if there is one and somebody listens; gives the status.
absl::Status Report(const std::shared_ptr<StoreObserver>& observer, EngineError error);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_ERROR_H_
