// Pieces of JSON text.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_TEXT_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/log/json_string.h"

namespace fivestrand::gateway::transcode {

using log::AppendJsonString;
using log::IsValidUtf8;

// Shortest text that reads back as the same number; "NaN", "Infinity", "-Infinity" as strings.
void AppendJsonDouble(double value, std::string* out);
void AppendJsonFloat(float value, std::string* out);
void AppendJsonBytes(std::string_view bytes, std::string* out);
void AppendInt(int64_t value, std::string* out);
void AppendUint(uint64_t value, std::string* out);

// Appends `code_point` as UTF-8.
void AppendUtf8(uint32_t code_point, std::string* out);

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_TEXT_H_
