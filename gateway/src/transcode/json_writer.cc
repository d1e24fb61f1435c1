#include "gateway/src/transcode/json_writer.h"

#include <memory>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "gateway/src/transcode/json_pass.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::transcode {
namespace {

// The same message as this process would write it, or "" when the bytes are no such message.
std::string Reordered(const MessagePlan& plan, std::string_view wire) {
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(plan.type);
  if (prototype == nullptr) return "";
  const std::unique_ptr<google::protobuf::Message> message(prototype->New());
  return message->ParseFromArray(wire.data(), static_cast<int>(wire.size())) ? message->SerializeAsString() : "";
}

template <class F>
absl::Status Run(PlanSet* plans, const MessagePlan& plan, std::string_view wire, std::string* out, F pass) {
  const size_t before = out->size();
  JsonResult result = pass(JsonPass(plans, out), wire);
  if (result == JsonResult::kNotCanonical) {
    out->resize(before);
    const std::string again = Reordered(plan, wire);
    result = again.empty() ? JsonResult::kMalformed : pass(JsonPass(plans, out), again);
  }
  if (result == JsonResult::kOk) return absl::OkStatus();
  out->resize(before);
  if (result == JsonResult::kMalformed) return status::DataLoss("an answer is not a " + plan.type->full_name());
  return status::Internal("an answer cannot be written as JSON: " + plan.type->full_name());
}

}  // namespace

absl::Status JsonWriter::Write(const MessagePlan& plan, std::string_view wire, std::string* out) const {
  return Run(plans_, plan, wire, out, [&](JsonPass pass, std::string_view bytes) { return pass.Message(plan, bytes, 0); });
}

absl::Status JsonWriter::WriteField(const MessagePlan& plan, const FieldPlan& field, std::string_view wire,
                                    std::string* out) const {
  return Run(plans_, plan, wire, out, [&](JsonPass pass, std::string_view bytes) { return pass.Field(plan, field, bytes); });
}

std::string_view FindString(std::string_view wire, uint32_t field_number) {
  std::string_view found;
  WireReader in(wire);
  while (!in.done()) {
    uint32_t number;
    WireType type;
    if (!in.TakeTag(&number, &type)) break;
    if (number == field_number && type == WireType::kBytes) {
      if (!in.TakeBytes(&found)) return {};
    } else if (!in.Skip(type, number)) {
      break;
    }
  }
  return found;
}

}  // namespace fivestrand::gateway::transcode
