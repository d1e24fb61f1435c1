// One pass from protobuf bytes to JSON. For json_writer.cc only; the rest of the gateway uses JsonWriter.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_PASS_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_PASS_H_

#include <string>
#include <string_view>

#include "gateway/src/transcode/message_plan.h"
#include "gateway/src/transcode/wire.h"

namespace fivestrand::gateway::transcode {

enum class JsonResult {
  kOk,
  kMalformed,     // the bytes are no such message
  kNotCanonical,  // fields in another order than serializers write them, or a singular one twice: put them in order first
  kUnwritable,    // nested too deep, or a value that JSON has no form for
};

class JsonPass {
 public:
  JsonPass(PlanSet* plans, std::string* out) : plans_(plans), out_(out) {}

  JsonResult Message(const MessagePlan& plan, std::string_view wire, int depth);
  // The value of `only`, without its key.
  JsonResult Field(const MessagePlan& plan, const FieldPlan& only, std::string_view wire);

 private:
  // The members of an object, without its braces.
  JsonResult Fields(const MessagePlan& plan, std::string_view wire, int depth, bool first);
  // Opens the array or object of a repeated field at its first element, and separates the others.
  void Separate(const FieldPlan& field, bool with_key, const FieldPlan** open, bool* first);
  JsonResult Value(const FieldPlan& field, WireType type, WireReader* in, int depth, bool* zero);
  JsonResult MapEntry(const FieldPlan& field, WireType type, WireReader* in, int depth);
  void Zero(const FieldPlan& field);
  void Enum(const FieldPlan& field, int32_t number);
  // Timestamp and Duration have the same shape.
  static bool ReadTime(std::string_view wire, int64_t* seconds, int32_t* nanos);
  JsonResult Special(const MessagePlan& plan, std::string_view wire, int depth);
  // A message with one field that stands for that field.
  JsonResult Bare(const MessagePlan& plan, std::string_view wire, int depth);
  JsonResult BareOneof(const MessagePlan& plan, std::string_view wire, int depth);
  JsonResult FieldMask(std::string_view wire);
  JsonResult Any(std::string_view wire, int depth);

  PlanSet* const plans_;
  std::string* const out_;
  const FieldPlan* only_ = nullptr;
};

// How a field of that type is written on the wire.
WireType WireTypeOf(int type);

#define RETURN_UNLESS_OK(expression)                                       \
  do {                                                                     \
    if (const JsonResult r = (expression); r != JsonResult::kOk) return r; \
  } while (false)

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_PASS_H_
