// Removing what is no longer needed, in bounded steps that ride in the write queue beside everybody else's writes.
#ifndef FIVESTRAND_PLATFORM_STORE_HOUSEKEEPING_H_
#define FIVESTRAND_PLATFORM_STORE_HOUSEKEEPING_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/store.h"

namespace fivestrand::store {

// Deletes at most `limit` idempotency rows that expired before `now`; how many. Fewer than `limit` means that none is left.
absl::StatusOr<std::int64_t> DeleteExpiredIdempotency(Store& store, absl::Time deadline, absl::Time now, std::int64_t limit);

// Deletes at most `limit` of the oldest events whose cursor is at most `up_to`; how many.
absl::StatusOr<std::int64_t> TrimOutbox(Store& store, absl::Time deadline, std::int64_t up_to, std::int64_t limit);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_HOUSEKEEPING_H_
