#include "gateway/src/transcode/json_writer.h"

#include <memory>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "gateway/src/transcode/json_text.h"
#include "gateway/src/transcode/wire.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;

constexpr int kMaxDepth = 100;

enum class Result { kOk, kMalformed, kNotCanonical, kUnwritable };

#define RETURN_UNLESS_OK(expression)                               \
  do {                                                             \
    if (const Result r = (expression); r != Result::kOk) return r; \
  } while (false)

WireType WireTypeOf(int type) {
  switch (type) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return WireType::kFixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return WireType::kFixed32;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return WireType::kBytes;
    case FieldDescriptor::TYPE_GROUP:
      return WireType::kStartGroup;
    default:
      return WireType::kVarint;
  }
}

// One pass. Fields must come in ascending order, each singular one once, as every serializer writes them; anything else is
// kNotCanonical and is put in order first by the caller.
class Pass {
 public:
  Pass(PlanSet* plans, std::string* out) : plans_(plans), out_(out) {}

  Result Message(const MessagePlan& plan, std::string_view wire, int depth) {
    if (depth > kMaxDepth) return Result::kUnwritable;
    if (plan.well_known != WellKnown::kNone) return Special(plan, wire, depth);
    out_->push_back('{');
    RETURN_UNLESS_OK(Fields(plan, wire, depth, /*first=*/true));
    out_->push_back('}');
    return Result::kOk;
  }

  // The value of `only`, without its key.
  Result Field(const MessagePlan& plan, const FieldPlan& only, std::string_view wire) {
    only_ = &only;
    const size_t before = out_->size();
    RETURN_UNLESS_OK(Fields(plan, wire, 0, true));
    if (out_->size() == before) Zero(only);
    return Result::kOk;
  }

 private:
  // The members of an object, without its braces.
  Result Fields(const MessagePlan& plan, std::string_view wire, int depth, bool first) {
    const FieldPlan* const only = std::exchange(only_, nullptr);
    WireReader in(wire);
    const FieldPlan* open = nullptr;  // a repeated field whose elements are being written
    uint32_t last = 0;
    while (!in.done()) {
      uint32_t number;
      WireType type;
      if (!in.TakeTag(&number, &type)) return Result::kMalformed;
      const FieldPlan* field = plan.Find(number);
      if (field == nullptr || (only != nullptr && field != only)) {
        if (!in.Skip(type, number)) return Result::kMalformed;
        continue;
      }
      if (number < last || (number == last && !field->repeated)) return Result::kNotCanonical;
      if (open != nullptr && number != last) {
        out_->push_back(open->map ? '}' : ']');
        open = nullptr;
      }
      last = number;
      if (!field->repeated) {
        const size_t before = out_->size();
        if (!first) out_->push_back(',');
        if (only == nullptr) out_->append(field->key);
        bool zero = false;
        RETURN_UNLESS_OK(Value(*field, type, &in, depth, &zero));
        if (zero && !field->has_presence) {
          out_->resize(before);
        } else {
          first = false;
        }
        continue;
      }
      const WireType own = WireTypeOf(field->type);
      if (type == WireType::kBytes && own != WireType::kBytes) {
        std::string_view packed;
        if (!in.TakeBytes(&packed)) return Result::kMalformed;
        WireReader elements(packed);
        while (!elements.done()) {
          Separate(*field, only == nullptr, &open, &first);
          bool zero;
          RETURN_UNLESS_OK(Value(*field, own, &elements, depth, &zero));
        }
        continue;
      }
      Separate(*field, only == nullptr, &open, &first);
      bool zero;
      RETURN_UNLESS_OK(field->map ? MapEntry(*field, type, &in, depth) : Value(*field, type, &in, depth, &zero));
    }
    if (open != nullptr) out_->push_back(open->map ? '}' : ']');
    return Result::kOk;
  }

  // Opens the array or object of a repeated field at its first element, and separates the others.
  void Separate(const FieldPlan& field, bool with_key, const FieldPlan** open, bool* first) {
    if (*open != nullptr) {
      out_->push_back(',');
      return;
    }
    if (!*first) out_->push_back(',');
    if (with_key) out_->append(field.key);
    out_->push_back(field.map ? '{' : '[');
    *open = &field;
    *first = false;
  }

  Result Value(const FieldPlan& field, WireType type, WireReader* in, int depth, bool* zero) {
    if (type != WireTypeOf(field.type)) return Result::kMalformed;
    uint64_t varint = 0;
    uint32_t fixed32 = 0;
    std::string_view bytes;
    switch (type) {
      case WireType::kVarint:
        if (!in->TakeVarint(&varint)) return Result::kMalformed;
        *zero = varint == 0;
        break;
      case WireType::kFixed64:
        if (!in->TakeFixed(&varint)) return Result::kMalformed;
        *zero = varint == 0;
        break;
      case WireType::kFixed32:
        if (!in->TakeFixed(&fixed32)) return Result::kMalformed;
        *zero = fixed32 == 0;
        break;
      case WireType::kBytes:
        if (!in->TakeBytes(&bytes)) return Result::kMalformed;
        *zero = bytes.empty();
        break;
      case WireType::kStartGroup:
      case WireType::kEndGroup:
        return Result::kUnwritable;
    }
    switch (field.type) {
      case FieldDescriptor::TYPE_BOOL:
        out_->append(varint != 0 ? "true" : "false");
        break;
      case FieldDescriptor::TYPE_INT32:
        AppendInt(static_cast<int32_t>(varint), out_);
        break;
      case FieldDescriptor::TYPE_UINT32:
        AppendUint(static_cast<uint32_t>(varint), out_);
        break;
      case FieldDescriptor::TYPE_SINT32:
        AppendInt(static_cast<int32_t>(Unzigzag(static_cast<uint32_t>(varint))), out_);
        break;
      case FieldDescriptor::TYPE_INT64:
      case FieldDescriptor::TYPE_SFIXED64:
        Quoted([&] { AppendInt(static_cast<int64_t>(varint), out_); });
        break;
      case FieldDescriptor::TYPE_SINT64:
        Quoted([&] { AppendInt(Unzigzag(varint), out_); });
        break;
      case FieldDescriptor::TYPE_UINT64:
      case FieldDescriptor::TYPE_FIXED64:
        Quoted([&] { AppendUint(varint, out_); });
        break;
      case FieldDescriptor::TYPE_FIXED32:
        AppendUint(fixed32, out_);
        break;
      case FieldDescriptor::TYPE_SFIXED32:
        AppendInt(static_cast<int32_t>(fixed32), out_);
        break;
      case FieldDescriptor::TYPE_FLOAT:
        AppendJsonFloat(As<float>(fixed32), out_);
        break;
      case FieldDescriptor::TYPE_DOUBLE:
        AppendJsonDouble(As<double>(varint), out_);
        break;
      case FieldDescriptor::TYPE_STRING:
        AppendJsonString(bytes, out_);
        break;
      case FieldDescriptor::TYPE_BYTES:
        AppendJsonBytes(bytes, out_);
        break;
      case FieldDescriptor::TYPE_ENUM:
        Enum(field, static_cast<int32_t>(varint));
        break;
      case FieldDescriptor::TYPE_MESSAGE:
        return Message(*field.message, bytes, depth + 1);
      default:
        return Result::kUnwritable;
    }
    return Result::kOk;
  }

  Result MapEntry(const FieldPlan& field, WireType type, WireReader* in, int depth) {
    std::string_view entry;
    if (type != WireType::kBytes || !in->TakeBytes(&entry)) return Result::kMalformed;
    const FieldPlan& key = field.message->fields[0];
    const FieldPlan& value = field.message->fields[1];
    WireReader reader(entry);
    uint32_t last = 0;
    const auto write_key = [&](WireReader* from) {
      const size_t before = out_->size();
      bool zero;
      if (from == nullptr) {
        Zero(key);
      } else {
        RETURN_UNLESS_OK(Value(key, WireTypeOf(key.type), from, depth, &zero));
      }
      if ((*out_)[before] != '"') {
        out_->insert(before, 1, '"');
        out_->push_back('"');
      }
      out_->push_back(':');
      return Result::kOk;
    };
    while (!reader.done()) {
      uint32_t number;
      if (!reader.TakeTag(&number, &type)) return Result::kMalformed;
      if (number > 2) {
        if (!reader.Skip(type, number)) return Result::kMalformed;
        continue;
      }
      if (number <= last) return Result::kNotCanonical;
      if (type != WireTypeOf(number == 1 ? key.type : value.type)) return Result::kMalformed;
      if (number == 1) {
        RETURN_UNLESS_OK(write_key(&reader));
      } else {
        if (last == 0) RETURN_UNLESS_OK(write_key(nullptr));
        bool zero;
        RETURN_UNLESS_OK(Value(value, type, &reader, depth, &zero));
      }
      last = number;
    }
    if (last == 0) RETURN_UNLESS_OK(write_key(nullptr));
    if (last != 2) Zero(value);
    return Result::kOk;
  }

  void Zero(const FieldPlan& field) {
    if (field.repeated) {
      out_->append(field.map ? "{}" : "[]");
      return;
    }
    switch (field.type) {
      case FieldDescriptor::TYPE_BOOL:
        out_->append("false");
        break;
      case FieldDescriptor::TYPE_STRING:
      case FieldDescriptor::TYPE_BYTES:
        out_->append("\"\"");
        break;
      case FieldDescriptor::TYPE_INT64:
      case FieldDescriptor::TYPE_SFIXED64:
      case FieldDescriptor::TYPE_SINT64:
      case FieldDescriptor::TYPE_UINT64:
      case FieldDescriptor::TYPE_FIXED64:
        out_->append("\"0\"");
        break;
      case FieldDescriptor::TYPE_ENUM:
        Enum(field, 0);
        break;
      case FieldDescriptor::TYPE_MESSAGE:
        out_->append(field.message->well_known == WellKnown::kNone ? "{}" : "null");
        break;
      default:
        out_->push_back('0');
    }
  }

  void Enum(const FieldPlan& field, int32_t number) {
    if (field.enumeration->full_name() == "google.protobuf.NullValue") {
      out_->append("null");
      return;
    }
    const auto* value = field.enumeration->FindValueByNumber(number);
    if (value == nullptr) return AppendInt(number, out_);
    out_->push_back('"');
    out_->append(value->name());
    out_->push_back('"');
  }

  // Timestamp and Duration have the same shape.
  static bool ReadTime(std::string_view wire, int64_t* seconds, int32_t* nanos) {
    WireReader in(wire);
    while (!in.done()) {
      uint32_t number;
      WireType type;
      uint64_t value;
      if (!in.TakeTag(&number, &type)) return false;
      if (number > 2 || type != WireType::kVarint) {
        if (!in.Skip(type, number)) return false;
        continue;
      }
      if (!in.TakeVarint(&value)) return false;
      if (number == 1) *seconds = static_cast<int64_t>(value);
      if (number == 2) *nanos = static_cast<int32_t>(value);
    }
    return true;
  }

  Result Special(const MessagePlan& plan, std::string_view wire, int depth) {
    int64_t seconds = 0;
    int32_t nanos = 0;
    switch (plan.well_known) {
      case WellKnown::kTimestamp:
      case WellKnown::kDuration: {
        if (!ReadTime(wire, &seconds, &nanos)) return Result::kMalformed;
        out_->push_back('"');
        const bool fits =
            plan.well_known == WellKnown::kTimestamp ? FormatTimestamp(seconds, nanos, out_) : FormatDuration(seconds, nanos, out_);
        out_->push_back('"');
        return fits ? Result::kOk : Result::kUnwritable;
      }
      case WellKnown::kFieldMask:
        return FieldMask(wire);
      case WellKnown::kWrapper:
      case WellKnown::kStruct:
      case WellKnown::kListValue:
        return Bare(plan, wire, depth);
      case WellKnown::kValue: {
        const size_t before = out_->size();
        RETURN_UNLESS_OK(BareOneof(plan, wire, depth));
        if (out_->size() == before) out_->append("null");
        return Result::kOk;
      }
      case WellKnown::kAny:
        return Any(wire, depth);
      case WellKnown::kNone:
        break;
    }
    return Result::kUnwritable;
  }

  // A message with one field that stands for that field.
  Result Bare(const MessagePlan& plan, std::string_view wire, int depth) {
    only_ = &plan.fields[0];
    const size_t before = out_->size();
    RETURN_UNLESS_OK(Fields(plan, wire, depth, true));
    if (out_->size() == before) Zero(plan.fields[0]);
    return Result::kOk;
  }

  Result BareOneof(const MessagePlan& plan, std::string_view wire, int depth) {
    WireReader in(wire);
    uint32_t number;
    WireType type;
    if (in.done()) return Result::kOk;
    if (!in.TakeTag(&number, &type)) return Result::kMalformed;
    const FieldPlan* field = plan.Find(number);
    if (field == nullptr) return in.Skip(type, number) ? Result::kOk : Result::kMalformed;
    bool zero;
    RETURN_UNLESS_OK(Value(*field, type, &in, depth, &zero));
    return in.done() ? Result::kOk : Result::kNotCanonical;
  }

  Result FieldMask(std::string_view wire) {
    std::string joined;
    WireReader in(wire);
    while (!in.done()) {
      uint32_t number;
      WireType type;
      std::string_view path;
      if (!in.TakeTag(&number, &type)) return Result::kMalformed;
      if (number != 1 || type != WireType::kBytes) {
        if (!in.Skip(type, number)) return Result::kMalformed;
        continue;
      }
      if (!in.TakeBytes(&path)) return Result::kMalformed;
      if (!joined.empty()) joined.push_back(',');
      joined.append(PathToCamel(path));
    }
    AppendJsonString(joined, out_);
    return Result::kOk;
  }

  Result Any(std::string_view wire, int depth) {
    const std::string_view url = FindString(wire, 1), value = FindString(wire, 2);
    if (url.empty() && value.empty()) {
      out_->append("{}");
      return Result::kOk;
    }
    out_->append("{\"@type\":");
    AppendJsonString(url, out_);
    const size_t slash = url.rfind('/');
    const MessagePlan* plan = slash == std::string_view::npos ? nullptr : plans_->GetByName(url.substr(slash + 1));
    if (plan == nullptr || plan->well_known != WellKnown::kNone) {
      out_->append(",\"value\":");
      if (plan == nullptr) {
        AppendJsonBytes(value, out_);  // A type that is not linked here: at least nothing is lost.
      } else {
        RETURN_UNLESS_OK(Message(*plan, value, depth + 1));
      }
    } else {
      RETURN_UNLESS_OK(Fields(*plan, value, depth + 1, /*first=*/false));
    }
    out_->push_back('}');
    return Result::kOk;
  }

  template <class F>
  void Quoted(F f) {
    out_->push_back('"');
    f();
    out_->push_back('"');
  }

  template <class T, class U>
  static T As(U bits) {
    T value;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  static int64_t Unzigzag(uint64_t value) { return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1); }

  PlanSet* const plans_;
  std::string* const out_;
  const FieldPlan* only_ = nullptr;
};

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
  Result result = pass(Pass(plans, out), wire);
  if (result == Result::kNotCanonical) {
    out->resize(before);
    const std::string again = Reordered(plan, wire);
    result = again.empty() ? Result::kMalformed : pass(Pass(plans, out), again);
  }
  if (result == Result::kOk) return absl::OkStatus();
  out->resize(before);
  if (result == Result::kMalformed) return status::DataLoss("an answer is not a " + plan.type->full_name());
  return status::Internal("an answer cannot be written as JSON: " + plan.type->full_name());
}

}  // namespace

absl::Status JsonWriter::Write(const MessagePlan& plan, std::string_view wire, std::string* out) const {
  return Run(plans_, plan, wire, out, [&](Pass pass, std::string_view bytes) { return pass.Message(plan, bytes, 0); });
}

absl::Status JsonWriter::WriteField(const MessagePlan& plan, const FieldPlan& field, std::string_view wire,
                                    std::string* out) const {
  return Run(plans_, plan, wire, out, [&](Pass pass, std::string_view bytes) { return pass.Field(plan, field, bytes); });
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
