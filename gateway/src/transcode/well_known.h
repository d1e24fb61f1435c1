// The messages that JSON writes in a form of their own, and the text of the simple ones.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_WELL_KNOWN_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_WELL_KNOWN_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace google::protobuf {
class Descriptor;
}

namespace fivestrand::gateway::transcode {

enum class WellKnown : uint8_t { kNone, kTimestamp, kDuration, kFieldMask, kWrapper, kStruct, kValue, kListValue, kAny };

WellKnown WellKnownKind(const google::protobuf::Descriptor* type);

// RFC 3339 in UTC with as many digits as are needed (none, 3, 6 or 9). False when out of range.
bool FormatTimestamp(int64_t seconds, int32_t nanos, std::string* out);
bool ParseTimestamp(std::string_view text, int64_t* seconds, int32_t* nanos);
bool FormatDuration(int64_t seconds, int32_t nanos, std::string* out);
bool ParseDuration(std::string_view text, int64_t* seconds, int32_t* nanos);

// A field mask's path: "drop_in.went_well" and "dropIn.wentWell".
std::string PathToCamel(std::string_view path);
std::string PathToSnake(std::string_view path);

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_WELL_KNOWN_H_
