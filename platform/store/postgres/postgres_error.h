// PostgreSQL's SQLSTATEs as our statuses: the one function of this engine.
#ifndef FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ERROR_H_
#define FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ERROR_H_

#include <string_view>

#include "platform/store/core/error.h"

namespace fivestrand::store {

// `sqlstate` is empty when the connection was lost. `message` is the primary message, which names tables and constraints; never the
// detail, which holds values.
EngineError FromPostgres(std::string_view sqlstate, std::string_view message);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_ERROR_H_
