// SQLite's result codes as our statuses: the one function of this engine.
#ifndef FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_ERROR_H_
#define FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_ERROR_H_

#include <string_view>

#include "platform/store/core/connection.h"
#include "platform/store/core/error.h"

namespace fivestrand::store {

// `code` is an extended result code that is an error. SQLite's messages name tables and columns, never values.
EngineError FromSqlite(int code, std::string_view message, ConnectionRole role);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_SQLITE_SQLITE_ERROR_H_
