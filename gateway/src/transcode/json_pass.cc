#include "gateway/src/transcode/json_pass.h"

#include <cstring>
#include <utility>

#include "google/protobuf/descriptor.h"

#include "gateway/src/transcode/json_text.h"

namespace fivestrand::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;

constexpr int kMaxDepth = 100;

// The bits of `value` as another type of the same size.
template <class T, class U>
T As(U bits) {
  T value;
  static_assert(sizeof value == sizeof bits);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

int64_t Unzigzag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

template <class F>
void Quoted(std::string* out, F f) {
  out->push_back('"');
  f();
  out->push_back('"');
}

}  // namespace

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

JsonResult JsonPass::Message(const MessagePlan& plan, std::string_view wire, int depth) {
  if (depth > kMaxDepth) return JsonResult::kUnwritable;
  if (plan.well_known != WellKnown::kNone) return Special(plan, wire, depth);
  out_->push_back('{');
  RETURN_UNLESS_OK(Fields(plan, wire, depth, /*first=*/true));
  out_->push_back('}');
  return JsonResult::kOk;
}

JsonResult JsonPass::Field(const MessagePlan& plan, const FieldPlan& only, std::string_view wire) {
  only_ = &only;
  const size_t before = out_->size();
  RETURN_UNLESS_OK(Fields(plan, wire, 0, true));
  if (out_->size() == before) Zero(only);
  return JsonResult::kOk;
}

JsonResult JsonPass::Fields(const MessagePlan& plan, std::string_view wire, int depth, bool first) {
  const FieldPlan* const only = std::exchange(only_, nullptr);
  WireReader in(wire);
  const FieldPlan* open = nullptr;  // a repeated field whose elements are being written
  uint32_t last = 0;
  while (!in.done()) {
    uint32_t number;
    WireType type;
    if (!in.TakeTag(&number, &type)) return JsonResult::kMalformed;
    const FieldPlan* field = plan.Find(number);
    if (field == nullptr || (only != nullptr && field != only)) {
      if (!in.Skip(type, number)) return JsonResult::kMalformed;
      continue;
    }
    if (number < last || (number == last && !field->repeated)) return JsonResult::kNotCanonical;
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
      if (!in.TakeBytes(&packed)) return JsonResult::kMalformed;
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
  return JsonResult::kOk;
}

void JsonPass::Separate(const FieldPlan& field, bool with_key, const FieldPlan** open, bool* first) {
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

JsonResult JsonPass::Value(const FieldPlan& field, WireType type, WireReader* in, int depth, bool* zero) {
  if (type != WireTypeOf(field.type)) return JsonResult::kMalformed;
  uint64_t varint = 0;
  uint32_t fixed32 = 0;
  std::string_view bytes;
  switch (type) {
    case WireType::kVarint:
      if (!in->TakeVarint(&varint)) return JsonResult::kMalformed;
      *zero = varint == 0;
      break;
    case WireType::kFixed64:
      if (!in->TakeFixed(&varint)) return JsonResult::kMalformed;
      *zero = varint == 0;
      break;
    case WireType::kFixed32:
      if (!in->TakeFixed(&fixed32)) return JsonResult::kMalformed;
      *zero = fixed32 == 0;
      break;
    case WireType::kBytes:
      if (!in->TakeBytes(&bytes)) return JsonResult::kMalformed;
      *zero = bytes.empty();
      break;
    case WireType::kStartGroup:
    case WireType::kEndGroup:
      return JsonResult::kUnwritable;
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
      Quoted(out_, [&] { AppendInt(static_cast<int64_t>(varint), out_); });
      break;
    case FieldDescriptor::TYPE_SINT64:
      Quoted(out_, [&] { AppendInt(Unzigzag(varint), out_); });
      break;
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      Quoted(out_, [&] { AppendUint(varint, out_); });
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
      return JsonResult::kUnwritable;
  }
  return JsonResult::kOk;
}

JsonResult JsonPass::MapEntry(const FieldPlan& field, WireType type, WireReader* in, int depth) {
  std::string_view entry;
  if (type != WireType::kBytes || !in->TakeBytes(&entry)) return JsonResult::kMalformed;
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
    return JsonResult::kOk;
  };
  while (!reader.done()) {
    uint32_t number;
    if (!reader.TakeTag(&number, &type)) return JsonResult::kMalformed;
    if (number > 2) {
      if (!reader.Skip(type, number)) return JsonResult::kMalformed;
      continue;
    }
    if (number <= last) return JsonResult::kNotCanonical;
    if (type != WireTypeOf(number == 1 ? key.type : value.type)) return JsonResult::kMalformed;
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
  return JsonResult::kOk;
}

void JsonPass::Zero(const FieldPlan& field) {
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

void JsonPass::Enum(const FieldPlan& field, int32_t number) {
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

}  // namespace fivestrand::gateway::transcode
