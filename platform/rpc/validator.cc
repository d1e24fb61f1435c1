// Walking a request along its plan.
#include "platform/rpc/validator.h"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/type/date.pb.h"

#include "platform/names/names.h"
#include "platform/rpc/message_plan.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDurationSeconds = 315576000000;

int CountCharacters(std::string_view text) {
  int count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

// Text goes to databases, logs and screens; only tab and line ends are allowed of the control characters.
bool HasControlCharacter(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f) return true;
  }
  return false;
}

bool MaskNames(const FieldMask& mask, const std::string& field) {
  for (const std::string& path : mask.paths()) {
    if (path == "*" || path == field || (absl::StartsWith(path, field) && path[field.size()] == '.')) return true;
  }
  return false;
}

class Walk {
 public:
  explicit Walk(bool list) : list_(list) {}

  // `mask` governs the REQUIRED fields directly in `message`; null: all of them are.
  bool ParentOfBatchItem(const FieldPlan& field) const;
  void Visit(const MessagePlan& plan, Message* message, const FieldMask* mask);
  absl::Status Result() const { return violations_.ToStatus(); }

 private:
  struct Step {
    const FieldDescriptor* field;
    int index;
  };

  void VisitRepeated(const FieldPlan& plan, Message* message, const Reflection& reflection);
  void VisitSingular(const FieldPlan& plan, Message* message, const Reflection& reflection, const FieldMask* mask);
  void VisitChild(const FieldPlan& plan, Message* child, const FieldMask* mask);
  void CheckText(const FieldPlan& plan, const std::string& text);
  void CheckName(const FieldPlan& plan, const std::string& text);
  void CheckEnum(const FieldPlan& plan, int number);
  void CheckNumber(const FieldPlan& plan, const Message& message, const Reflection& reflection, int index);
  void CheckWellKnown(const FieldPlan& plan, Message* value);
  // No conversion before the comparison: a large number must not wrap into the range.
  void CheckBounds(const FieldPlan& plan, int64_t value) { RefuseUnless(value >= plan.min && value <= plan.max, plan); }
  void CheckBounds(const FieldPlan& plan, int32_t value) { CheckBounds(plan, static_cast<int64_t>(value)); }
  void CheckBounds(const FieldPlan& plan, uint32_t value) { CheckBounds(plan, static_cast<int64_t>(value)); }
  void CheckBounds(const FieldPlan& plan, uint64_t value) {
    RefuseUnless(value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) && static_cast<int64_t>(value) >= plan.min &&
                     static_cast<int64_t>(value) <= plan.max,
                 plan);
  }
  void CheckBounds(const FieldPlan& plan, double value) {
    RefuseUnless(value >= static_cast<double>(plan.min) && value <= static_cast<double>(plan.max), plan);
  }
  void RefuseUnless(bool within, const FieldPlan& plan) {
    if (!within) Refuse(absl::StrCat("is not within ", plan.min, " and ", plan.max));
  }
  void Refuse(std::string_view why);

  const bool list_;
  std::vector<Step> path_;
  status::FieldViolations violations_;
};

void Walk::Refuse(std::string_view why) {
  std::string path;
  for (const Step& step : path_) {
    if (!path.empty()) path.push_back('.');
    path.append(step.field->name());
    if (step.index >= 0) absl::StrAppend(&path, "[", step.index, "]");
  }
  violations_.Add(path, why);
}

// The requests within a batch may leave their parent to that of the batch (AIP-233).
bool Walk::ParentOfBatchItem(const FieldPlan& field) const {
  return path_.size() > 1 && field.field->name() == "parent";
}

void Walk::Visit(const MessagePlan& plan, Message* message, const FieldMask* mask) {
  const Reflection& reflection = *message->GetReflection();
  // Fields of a newer contract: nobody here has checked, encrypted or classified them, so they must not be stored.
  if (!reflection.GetUnknownFields(*message).empty()) reflection.MutableUnknownFields(message)->Clear();
  const FieldMask* child_mask = nullptr;
  if (plan.mask != nullptr) child_mask = static_cast<const FieldMask*>(&reflection.GetMessage(*message, plan.mask));
  for (const FieldPlan& field : plan.fields) {
    path_.push_back({field.field, -1});
    if (field.output_only) {
      reflection.ClearField(message, field.field);
    } else if (field.field->is_repeated()) {
      if (field.required && reflection.FieldSize(*message, field.field) == 0 &&
          (mask == nullptr || MaskNames(*mask, field.field->name()))) {
        Refuse("is required");
      }
      VisitRepeated(field, message, reflection);
    } else if (reflection.HasField(*message, field.field)) {
      VisitSingular(field, message, reflection, child_mask);
    } else if (field.required && (mask == nullptr || MaskNames(*mask, field.field->name())) && !ParentOfBatchItem(field)) {
      Refuse("is required");
    }
    path_.pop_back();
  }
}

void Walk::VisitSingular(const FieldPlan& plan, Message* message, const Reflection& reflection, const FieldMask* mask) {
  const FieldDescriptor* const field = plan.field;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& text = reflection.GetStringReference(*message, field, &scratch);
      if (plan.required && text.empty()) {
        Refuse("is required");
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        CheckText(plan, text);
      }
      break;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      CheckEnum(plan, reflection.GetEnumValue(*message, field));
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      VisitChild(plan, reflection.MutableMessage(message, field), mask);
      break;
    default:
      CheckNumber(plan, *message, reflection, -1);
  }
}

void Walk::VisitRepeated(const FieldPlan& plan, Message* message, const Reflection& reflection) {
  const FieldDescriptor* const field = plan.field;
  const int size = reflection.FieldSize(*message, field);
  if (size > plan.max_items) {
    // The items themselves are not looked at: their number is what makes the request too much work.
    Refuse(absl::StrCat("has more than ", plan.max_items, " items"));
    return;
  }
  for (int i = 0; i < size; ++i) {
    path_.back().index = i;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text = reflection.GetRepeatedStringReference(*message, field, i, &scratch);
        if (field->type() == FieldDescriptor::TYPE_STRING) CheckText(plan, text);
        break;
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(plan, reflection.GetRepeatedEnumValue(*message, field, i));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        VisitChild(plan, reflection.MutableRepeatedMessage(message, field, i), nullptr);
        break;
      default:
        CheckNumber(plan, *message, reflection, i);
    }
  }
  path_.back().index = -1;
}

void Walk::VisitChild(const FieldPlan& plan, Message* child, const FieldMask* mask) {
  if (plan.child != nullptr) {
    Visit(*plan.child, child, mask);
  } else {
    CheckWellKnown(plan, child);
  }
}

void Walk::CheckText(const FieldPlan& plan, const std::string& text) {
  if (text.size() > static_cast<std::size_t>(plan.max_length) && CountCharacters(text) > plan.max_length) {
    Refuse(absl::StrCat("is longer than ", plan.max_length, " characters"));
    return;
  }
  if (plan.is_name) {
    if (!text.empty()) CheckName(plan, text);
    return;
  }
  if (HasControlCharacter(text)) Refuse("has a control character");
  if (plan.uuid && !text.empty() && !names::ValidUuid(text)) Refuse("is not a UUID");
  if (plan.pattern != nullptr && !text.empty() && !RE2::FullMatch(text, *plan.pattern)) Refuse("does not have the expected form");
}

void Walk::CheckName(const FieldPlan& plan, const std::string& text) {
  const bool allow_any = list_ && path_.size() == 1;
  if (plan.names == nullptr || plan.names->empty()) {
    if (!LooksLikeResourceName(text, allow_any)) Refuse("is not a resource name");
    return;
  }
  for (const names::Pattern& pattern : *plan.names) {
    if (pattern.Match(text, allow_any ? names::Wildcard::kAllow : names::Wildcard::kRefuse).has_value()) return;
  }
  Refuse(absl::StrCat("is not of the form ", plan.names->front().text()));
}

void Walk::CheckEnum(const FieldPlan& plan, int number) {
  if (plan.field->enum_type()->FindValueByNumber(number) == nullptr) {
    Refuse(absl::StrCat(number, " is not a value of ", plan.field->enum_type()->name()));
  } else if (plan.required && number == 0) {
    Refuse("is required");
  }
}

void Walk::CheckNumber(const FieldPlan& plan, const Message& message, const Reflection& reflection, int index) {
  const FieldDescriptor* const field = plan.field;
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      if (plan.bounded)
        CheckBounds(plan, one ? reflection.GetInt32(message, field) : reflection.GetRepeatedInt32(message, field, index));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      if (plan.bounded)
        CheckBounds(plan, one ? reflection.GetInt64(message, field) : reflection.GetRepeatedInt64(message, field, index));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      if (plan.bounded)
        CheckBounds(plan, one ? reflection.GetUInt32(message, field) : reflection.GetRepeatedUInt32(message, field, index));
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      if (plan.bounded)
        CheckBounds(plan, one ? reflection.GetUInt64(message, field) : reflection.GetRepeatedUInt64(message, field, index));
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const bool single = field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
      const double value = single
                               ? (one ? reflection.GetFloat(message, field) : reflection.GetRepeatedFloat(message, field, index))
                               : (one ? reflection.GetDouble(message, field) : reflection.GetRepeatedDouble(message, field, index));
      if (!std::isfinite(value)) {
        Refuse("is not a finite number");
      } else if (plan.bounded) {
        CheckBounds(plan, value);
      }
      break;
    }
    default:
      break;
  }
}

void Walk::CheckWellKnown(const FieldPlan& plan, Message* value) {
  value->DiscardUnknownFields();
  switch (plan.well_known) {
    case WellKnown::kTimestamp: {
      const auto& time = static_cast<const google::protobuf::Timestamp&>(*value);
      if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 || time.nanos() > 999999999) {
        Refuse("is not a time");
      }
      break;
    }
    case WellKnown::kDuration: {
      const auto& duration = static_cast<const google::protobuf::Duration&>(*value);
      if (std::abs(duration.seconds()) > kMaxDurationSeconds || std::abs(static_cast<int64_t>(duration.nanos())) > 999999999 ||
          (duration.seconds() < 0 && duration.nanos() > 0) || (duration.seconds() > 0 && duration.nanos() < 0)) {
        Refuse("is not a duration");
      }
      break;
    }
    case WellKnown::kDate: {
      const auto& date = static_cast<const google::type::Date&>(*value);
      const absl::CivilDay day(date.year(), date.month(), date.day());
      if (date.year() < 1 || date.year() > 9999 || day.year() != date.year() || day.month() != date.month() ||
          day.day() != date.day()) {
        Refuse("is not a day of the calendar");
      }
      break;
    }
    case WellKnown::kNone:
    case WellKnown::kOther:
      break;
  }
}

}  // namespace

bool LooksLikeResourceName(std::string_view name, bool allow_any) {
  if (name.empty() || name.size() > names::kMaxNameLength) return false;
  bool collection = true;
  while (true) {
    const std::size_t slash = name.find('/');
    const std::string_view segment = name.substr(0, slash);
    if (collection) {
      if (segment.empty() || segment[0] < 'a' || segment[0] > 'z') return false;
      for (const char c : segment) {
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return false;
      }
    } else if (!names::ValidId(segment) && !(allow_any && segment == names::kAny)) {
      return false;
    }
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
    collection = !collection;
  }
}

absl::Status RequestValidator::Check(Message* request) const {
  Walk walk(list_);
  walk.Visit(*plan_, request, nullptr);
  return walk.Result();
}

}  // namespace fivestrand::rpc
