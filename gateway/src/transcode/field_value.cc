#include "gateway/src/transcode/field_value.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "gateway/src/transcode/json_text.h"
#include "gateway/src/transcode/well_known.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMaxPathDepth = 10;

template <class T>
bool ParseWhole(std::string_view text, T* value) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), *value);
  return !text.empty() && result.ec == std::errc() && result.ptr == text.data() + text.size();
}

// "12", and what means the same: "1.2e1", "12.0".
template <class T>
bool ParseInteger(std::string_view text, T* value) {
  if (ParseWhole(text, value)) return true;
  double real;
  if (!ParseWhole(text, &real) || std::floor(real) != real) return false;
  if (real < static_cast<double>(std::numeric_limits<T>::min()) || real >= std::ldexp(1.0, std::numeric_limits<T>::digits))
    return false;
  *value = static_cast<T>(real);
  return true;
}

template <class T>
bool ParseReal(std::string_view text, T* value) {
  if (text == "NaN") {
    *value = std::numeric_limits<T>::quiet_NaN();
  } else if (text == "Infinity" || text == "-Infinity") {
    *value = text.front() == '-' ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
  } else {
    // from_chars would take "inf" and "nan" too.
    if (text.find_first_not_of("+-.0123456789eE") != std::string_view::npos) return false;
    return ParseWhole(text, value) && std::isfinite(*value);
  }
  return true;
}

bool ParseBase64(std::string_view text, std::string* bytes) {
  return absl::Base64Unescape(AbslView(text), bytes) || absl::WebSafeBase64Unescape(AbslView(text), bytes);
}

bool SetTime(Message* time, int64_t seconds, int32_t nanos) {
  const Descriptor* type = time->GetDescriptor();
  time->GetReflection()->SetInt64(time, type->FindFieldByNumber(1), seconds);
  time->GetReflection()->SetInt32(time, type->FindFieldByNumber(2), nanos);
  return true;
}

}  // namespace

std::string_view SetTextMessage(Message* value, std::string_view text) {
  int64_t seconds;
  int32_t nanos;
  switch (WellKnownKind(value->GetDescriptor())) {
    case WellKnown::kTimestamp:
      if (!ParseTimestamp(text, &seconds, &nanos)) return "must be a time such as 2026-09-01T08:30:00Z";
      SetTime(value, seconds, nanos);
      return "";
    case WellKnown::kDuration:
      if (!ParseDuration(text, &seconds, &nanos)) return "must be a duration such as 1.5s";
      SetTime(value, seconds, nanos);
      return "";
    case WellKnown::kFieldMask: {
      const FieldDescriptor* paths = value->GetDescriptor()->FindFieldByNumber(1);
      for (absl::string_view path : absl::StrSplit(AbslView(text), ',', absl::SkipWhitespace())) {
        value->GetReflection()->AddString(value, paths, PathToSnake(StdView(path)));
      }
      return "";
    }
    case WellKnown::kWrapper:
      return SetFromText(value, value->GetDescriptor()->FindFieldByNumber(1), text);
    default:
      return "cannot be given as text";
  }
}

const FieldDescriptor* FindField(const Descriptor* type, std::string_view name) {
  const std::string key(name);
  const FieldDescriptor* field = type->FindFieldByCamelcaseName(key);
  if (field != nullptr && field->json_name() == key) return field;
  field = type->FindFieldByName(key);
  if (field != nullptr) return field;
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->json_name() == key) return type->field(i);
  }
  return nullptr;
}

FieldPath ResolvePath(const Descriptor* type, std::string_view path) {
  FieldPath fields;
  for (;;) {
    const size_t dot = path.find('.');
    const FieldDescriptor* field = type == nullptr ? nullptr : FindField(type, path.substr(0, dot));
    if (field == nullptr || fields.size() == kMaxPathDepth) return {};
    fields.push_back(field);
    if (dot == std::string_view::npos) return fields;
    if (field->is_repeated() || field->message_type() == nullptr) return {};
    type = field->message_type();
    path.remove_prefix(dot + 1);
  }
}

Message* Descend(Message* message, absl::Span<const FieldDescriptor* const> path) {
  for (size_t i = 0; i + 1 < path.size(); ++i) message = message->GetReflection()->MutableMessage(message, path[i]);
  return message;
}

bool IsTextual(const FieldDescriptor* field) {
  if (field->message_type() == nullptr) return true;
  switch (WellKnownKind(field->message_type())) {
    case WellKnown::kTimestamp:
    case WellKnown::kDuration:
    case WellKnown::kFieldMask:
    case WellKnown::kWrapper:
      return true;
    default:
      return false;
  }
}

std::string_view SetFromText(Message* holder, const FieldDescriptor* field, std::string_view text) {
  const Reflection* reflection = holder->GetReflection();
  const bool add = field->is_repeated();
  const auto put = [&](auto setter, auto adder, auto value) {
    if (add) {
      (reflection->*adder)(holder, field, value);
    } else {
      (reflection->*setter)(holder, field, value);
    }
    return std::string_view();
  };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t value;
      if (!ParseInteger(text, &value)) return "must be a whole number of 32 bits";
      return put(&Reflection::SetInt32, &Reflection::AddInt32, value);
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      int64_t value;
      if (!ParseInteger(text, &value)) return "must be a whole number of 64 bits";
      return put(&Reflection::SetInt64, &Reflection::AddInt64, value);
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      uint32_t value;
      if (!ParseInteger(text, &value)) return "must be a whole number of 32 bits, not negative";
      return put(&Reflection::SetUInt32, &Reflection::AddUInt32, value);
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      uint64_t value;
      if (!ParseInteger(text, &value)) return "must be a whole number of 64 bits, not negative";
      return put(&Reflection::SetUInt64, &Reflection::AddUInt64, value);
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      double value;
      if (!ParseReal(text, &value)) return "must be a number";
      return put(&Reflection::SetDouble, &Reflection::AddDouble, value);
    }
    case FieldDescriptor::CPPTYPE_FLOAT: {
      float value;
      if (!ParseReal(text, &value)) return "must be a number";
      return put(&Reflection::SetFloat, &Reflection::AddFloat, value);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return "must be true or false";
      return put(&Reflection::SetBool, &Reflection::AddBool, text == "true");
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = field->enum_type()->FindValueByName(std::string(text));
      int number = value != nullptr ? value->number() : 0;
      if (value == nullptr && !ParseWhole(text, &number)) return "must be one of the values of its enumeration";
      return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, number);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value;
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        if (!ParseBase64(text, &value)) return "must be base64";
      } else {
        if (!IsValidUtf8(text)) return "must be UTF-8 text";
        value = std::string(text);
      }
      if (add) {
        reflection->AddString(holder, field, std::move(value));
      } else {
        reflection->SetString(holder, field, std::move(value));
      }
      return "";
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetTextMessage(add ? reflection->AddMessage(holder, field) : reflection->MutableMessage(holder, field), text);
  }
  return "has a type that cannot be given as text";
}

}  // namespace fivestrand::gateway::transcode
