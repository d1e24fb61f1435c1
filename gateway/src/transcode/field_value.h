// Sets fields of messages from text: path variables, query parameters, and the scalars of JSON bodies.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_FIELD_VALUE_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_FIELD_VALUE_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace fivestrand::gateway::transcode {

// The fields on the way to the last one of a path such as "drop_in.startTime"; lowerCamel and original names are both understood.
// Empty when a name is unknown, or when a field on the way is repeated or no message.
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;
FieldPath ResolvePath(const google::protobuf::Descriptor* type, std::string_view path);

// A field by its JSON name or its original name; null when there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor* type, std::string_view name);

// The message that holds the last field of `path`, made on the way where needed.
google::protobuf::Message* Descend(google::protobuf::Message* message,
                                   absl::Span<const google::protobuf::FieldDescriptor* const> path);

// Whether a single text can hold the field's value: scalars, enums, Timestamp, Duration, FieldMask and the wrappers.
bool IsTextual(const google::protobuf::FieldDescriptor* field);

// Sets the field, or adds to it when it is repeated. The error is the description for a field violation, "" when all is well.
std::string_view SetFromText(google::protobuf::Message* holder, const google::protobuf::FieldDescriptor* field,
                             std::string_view text);
// The same for a message that is itself textual.
std::string_view SetTextMessage(google::protobuf::Message* message, std::string_view text);

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_FIELD_VALUE_H_
