// Opens the PostgreSQL engine on a database.
#ifndef FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ENGINE_H_
#define FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ENGINE_H_

#include <memory>
#include <string>
#include <string_view>

#include "platform/store/core/connection.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// `url` is a connection URL of libpq. Connects to nothing yet.
std::unique_ptr<Engine> OpenPostgresEngine(std::string_view url, const StoreOptions& options);

// The channel on which commits with events are told, with the cursor as payload.
inline constexpr char kCommitChannel[] = "fivestrand_outbox";

// Listens on a connection of its own and looks at the head every second.
std::unique_ptr<CommitWatch> WatchPostgres(std::string url, std::function<void(std::int64_t)> announce);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ENGINE_H_
