// Brings a store's schema to what this binary knows, or says why that cannot be.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_MIGRATOR_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_MIGRATOR_H_

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "platform/store/core/connection.h"
#include "platform/store/migration.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// All that is missing is applied in one transaction, under the engine's migration lock. What was applied, with the SHA-256 of each
// text, is in the table store_migration. A series that this binary does not know counts as newer, except read-only.
absl::Status Migrate(Engine& engine, Connection& connection, absl::Span<const MigrationSeries> series, const StoreOptions& options);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_MIGRATOR_H_
