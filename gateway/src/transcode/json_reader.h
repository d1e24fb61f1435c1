// JSON bodies to messages, strictly: unknown keys, wrong types and repeated keys are refused with the path of the field.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_READER_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_READER_H_

#include <string_view>

#include "absl/status/status.h"

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace fivestrand::gateway::transcode {

// Fills `message` from a JSON object. INVALID_ARGUMENT with a BadRequest that names every bad field (reason INVALID_FIELD), or with
// reason MALFORMED_BODY when the text is not JSON. Both lowerCamel and original names are understood; null means unset.
absl::Status ReadJson(std::string_view text, google::protobuf::Message* message);

// Fills one field of `holder`: a message, a scalar, or an array for a repeated field. Paths in errors begin with the field's name.
absl::Status ReadJsonField(std::string_view text, google::protobuf::Message* holder,
                           const google::protobuf::FieldDescriptor* field);

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_READER_H_
