#include "gateway/src/transcode/json_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "gateway/src/transcode/field_value.h"
#include "gateway/src/transcode/json_scanner.h"
#include "gateway/src/transcode/well_known.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Functions return false at a syntax error only; what is wrong with a field is noted and reading goes on.
class Reader {
 public:
  explicit Reader(std::string_view text) : in_(text) {}

  absl::Status Object(Message* message) { return Finish(MessageValue(message, "", 0)); }

  absl::Status OneField(Message* holder, const FieldDescriptor* field) { return Finish(Member(holder, field, field->name(), 0)); }

 private:
  absl::Status Finish(bool readable) {
    if (!readable || !in_.AtEnd()) return status::Invalid(status::Reason::kMalformedBody, "body", "is not valid JSON");
    return bad_.ToStatus();
  }

  static std::string Join(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : absl::StrCat(path, ".", AbslView(name));
  }

  bool Wrong(const std::string& path, std::string_view why) {
    bad_.Add(path, why);
    return true;
  }

  bool MessageValue(Message* message, const std::string& path, int depth) {
    if (depth > JsonScanner::kMaxDepth) return false;
    switch (WellKnownKind(message->GetDescriptor())) {
      case WellKnown::kNone:
        return PlainMessage(message, path, depth);
      case WellKnown::kTimestamp:
      case WellKnown::kDuration:
      case WellKnown::kFieldMask:
        return TextMessage(message, path);
      case WellKnown::kWrapper:
        return Scalar(message, message->GetDescriptor()->field(0), path);
      case WellKnown::kStruct:
      case WellKnown::kListValue:
        return Member(message, message->GetDescriptor()->field(0), path, depth + 1);
      case WellKnown::kValue:
        return AnyValue(message, path, depth);
      case WellKnown::kAny:
        return Wrong(path, "cannot be given here") && in_.SkipValue(depth);
    }
    return false;
  }

  bool PlainMessage(Message* message, const std::string& path, int depth) {
    if (in_.Peek() != '{') return Wrong(path, "must be an object") && in_.SkipValue(depth);
    in_.Take('{');
    if (in_.Take('}')) return true;
    std::vector<const FieldDescriptor*> seen;
    std::string key;
    do {
      if (in_.Peek() != '"' || !in_.TakeString(&key) || !in_.Take(':')) return false;
      const FieldDescriptor* field = FindField(message->GetDescriptor(), key);
      if (field == nullptr) {
        Wrong(Join(path, key.substr(0, 100)), "is not a field");
        if (!in_.SkipValue(depth + 1)) return false;
        continue;
      }
      const std::string member = Join(path, field->name());
      for (const FieldDescriptor* before : seen) {
        if (before == field) Wrong(member, "is given twice");
        if (before != field && field->real_containing_oneof() != nullptr &&
            before->containing_oneof() == field->containing_oneof()) {
          Wrong(member, absl::StrCat("cannot be given together with ", before->name()));
        }
      }
      seen.push_back(field);
      if (!Member(message, field, member, depth + 1)) return false;
    } while (in_.Take(','));
    return in_.Take('}');
  }

  // The value of a field, whatever its kind.
  bool Member(Message* message, const FieldDescriptor* field, const std::string& path, int depth) {
    if (depth > JsonScanner::kMaxDepth) return false;
    const bool takes_null =
        field->message_type() != nullptr && WellKnownKind(field->message_type()) == WellKnown::kValue && !field->is_repeated();
    if (in_.Peek() == 'n' && !takes_null) return in_.TakeWord("null");
    if (field->is_map()) return Map(message, field, path, depth);
    if (field->is_repeated()) return Array(message, field, path, depth);
    if (field->message_type() == nullptr) return Scalar(message, field, path);
    return MessageValue(message->GetReflection()->MutableMessage(message, field), path, depth + 1);
  }

  bool Array(Message* message, const FieldDescriptor* field, const std::string& path, int depth) {
    if (in_.Peek() != '[') return Wrong(path, "must be an array") && in_.SkipValue(depth);
    in_.Take('[');
    if (in_.Take(']')) return true;
    int index = 0;
    do {
      const std::string element = absl::StrCat(path, "[", index++, "]");
      if (field->message_type() != nullptr) {
        if (!MessageValue(message->GetReflection()->AddMessage(message, field), element, depth + 1)) return false;
      } else if (!Scalar(message, field, element)) {
        return false;
      }
    } while (in_.Take(','));
    return in_.Take(']');
  }

  bool Map(Message* message, const FieldDescriptor* field, const std::string& path, int depth) {
    if (in_.Peek() != '{') return Wrong(path, "must be an object") && in_.SkipValue(depth);
    in_.Take('{');
    if (in_.Take('}')) return true;
    const Descriptor* entry_type = field->message_type();
    std::string key;
    do {
      if (in_.Peek() != '"' || !in_.TakeString(&key) || !in_.Take(':')) return false;
      const std::string member = Join(path, key.substr(0, 100));
      Message* entry = message->GetReflection()->AddMessage(message, field);
      const std::string_view why = SetFromText(entry, entry_type->map_key(), key);
      if (!why.empty()) Wrong(member, why);
      const FieldDescriptor* value = entry_type->map_value();
      const bool good = value->message_type() != nullptr
                            ? MessageValue(entry->GetReflection()->MutableMessage(entry, value), member, depth + 1)
                            : Scalar(entry, value, member);
      if (!good) return false;
    } while (in_.Take(','));
    return in_.Take('}');
  }

  bool Scalar(Message* message, const FieldDescriptor* field, const std::string& path) {
    using Field = FieldDescriptor;
    const bool textual = field->cpp_type() == Field::CPPTYPE_STRING;
    const bool boolean = field->cpp_type() == Field::CPPTYPE_BOOL;
    std::string text;
    switch (in_.Peek()) {
      case '"':
        if (!in_.TakeString(&text)) return false;
        if (boolean) return Wrong(path, "must be true or false");
        break;
      case 't':
      case 'f':
        text = in_.Peek() == 't' ? "true" : "false";
        if (!in_.TakeWord(text)) return false;
        if (!boolean) return Wrong(path, textual ? "must be a string" : "must not be a truth value");
        break;
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9': {
        std::string_view number;
        if (!in_.TakeNumber(&number)) return false;
        if (textual) return Wrong(path, "must be a string");
        text = std::string(number);
        break;
      }
      default:
        if (!in_.SkipValue()) return false;
        return Wrong(path, textual ? "must be a string" : "must be a single value");
    }
    const std::string_view why = SetFromText(message, field, text);
    return why.empty() || Wrong(path, why);
  }

  bool TextMessage(Message* message, const std::string& path) {
    if (in_.Peek() != '"') return Wrong(path, "must be a string") && in_.SkipValue();
    std::string text;
    if (!in_.TakeString(&text)) return false;
    const std::string_view why = SetTextMessage(message, text);
    return why.empty() || Wrong(path, why);
  }

  // google.protobuf.Value
  bool AnyValue(Message* value, const std::string& path, int depth) {
    const Descriptor* type = value->GetDescriptor();
    const auto* reflection = value->GetReflection();
    switch (in_.Peek()) {
      case 'n':
        reflection->SetEnumValue(value, type->FindFieldByNumber(1), 0);
        return in_.TakeWord("null");
      case 't':
      case 'f':
        return Scalar(value, type->FindFieldByNumber(4), path);
      case '"':
        return Scalar(value, type->FindFieldByNumber(3), path);
      case '{':
        return MessageValue(reflection->MutableMessage(value, type->FindFieldByNumber(5)), path, depth + 1);
      case '[':
        return MessageValue(reflection->MutableMessage(value, type->FindFieldByNumber(6)), path, depth + 1);
      default:
        return Scalar(value, type->FindFieldByNumber(2), path);
    }
  }

  JsonScanner in_;
  status::FieldViolations bad_;
};

}  // namespace

absl::Status ReadJson(std::string_view text, Message* message) {
  return Reader(text).Object(message);
}

absl::Status ReadJsonField(std::string_view text, Message* holder, const FieldDescriptor* field) {
  return Reader(text).OneField(holder, field);
}

}  // namespace fivestrand::gateway::transcode
