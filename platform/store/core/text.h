// What a TEXT column can hold on both engines.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_TEXT_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_TEXT_H_

#include <string_view>

#include "absl/status/status.h"

#include "platform/store/session.h"

namespace fivestrand::store {

// Well-formed UTF-8 without NUL. PostgreSQL refuses anything else; SQLite would take it.
bool IsStorableText(std::string_view text);

// INVALID_ARGUMENT when a text among the parameters is not storable, so that both engines refuse the same.
absl::Status CheckParams(Params params);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_TEXT_H_
