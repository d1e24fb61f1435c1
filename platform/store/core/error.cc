#include "platform/store/core/error.h"

#include <utility>

#include "platform/status/status.h"

namespace fivestrand::store {

// The store knows tables, not resources: whoever knows which record it was about makes the status that the caller sees.
EngineError KeyTaken(std::string_view cause) {
  return {status::WithHiddenCause(status::AlreadyExists("fivestrand/Record", "a record with the same unique value"), cause), {}};
}

EngineError ForeignKeyBroken(std::string_view cause) {
  return {
      status::WithHiddenCause(
          status::Precondition("FOREIGN_KEY", "record", "names a record that does not exist, or is still named by another"), cause),
      {}};
}

EngineError StoreUnavailable(StoreErrorKind kind, std::string_view description, std::string_view cause) {
  return {status::WithHiddenCause(status::Unavailable(status::Reason::kStoreUnavailable, description, kRetryAfter), cause), kind};
}

EngineError LostConflict(std::string_view cause) {
  return {status::WithHiddenCause(status::Conflict("lost against another change made at the same time", kRetryAfter), cause),
          StoreErrorKind::kConflict};
}

EngineError Unforeseen(std::string_view cause) {
  return {status::Internal(cause), StoreErrorKind::kOther};
}

absl::Status Report(const std::shared_ptr<StoreObserver>& observer, EngineError error) {
  if (observer != nullptr && error.kind.has_value()) observer->OnError(*error.kind);
  return std::move(error.status);
}

}  // namespace fivestrand::store
