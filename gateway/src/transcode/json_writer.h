// Protobuf bytes to JSON without a message in between: the canonical mapping with lowerCamel names. Fields that hold their type's
// zero are left out unless they have presence, as AIP clients expect; 64-bit integers are strings; unknown enum values are numbers.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_WRITER_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_WRITER_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

#include "gateway/src/transcode/message_plan.h"

namespace fivestrand::gateway::transcode {

class JsonWriter {
 public:
  // `plans` must outlive the writer.
  explicit JsonWriter(PlanSet* plans) : plans_(plans) {}

  // Appends the JSON of one message. INTERNAL (DATA_LOSS for malformed bytes) leaves `*out` as it was.
  absl::Status Write(const MessagePlan& plan, std::string_view wire, std::string* out) const;
  absl::Status Write(const google::protobuf::Descriptor* type, std::string_view wire, std::string* out) const {
    return Write(*plans_->Get(type), wire, out);
  }

  // Appends the JSON of one field of the message, as `response_body` of an HTTP rule asks: its zero when it is not set.
  absl::Status WriteField(const MessagePlan& plan, const FieldPlan& field, std::string_view wire, std::string* out) const;

 private:
  PlanSet* const plans_;
};

// The last value of a string field directly in a message; empty when it is not set.
std::string_view FindString(std::string_view wire, uint32_t field_number);

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_WRITER_H_
