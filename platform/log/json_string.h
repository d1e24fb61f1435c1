// Text as a JSON string, whatever bytes it holds.
#ifndef FIVESTRAND_PLATFORM_LOG_JSON_STRING_H_
#define FIVESTRAND_PLATFORM_LOG_JSON_STRING_H_

#include <string>
#include <string_view>

namespace fivestrand::log {

// Appends a JSON string with its quotes: one line, valid UTF-8. Bytes that are not UTF-8 come out as U+FFFD.
void AppendJsonString(std::string_view text, std::string* out);

bool IsValidUtf8(std::string_view text);

}  // namespace fivestrand::log

#endif  // FIVESTRAND_PLATFORM_LOG_JSON_STRING_H_
