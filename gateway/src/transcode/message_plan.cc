#include "gateway/src/transcode/message_plan.h"

#include <algorithm>

#include "google/protobuf/descriptor.h"

#include "gateway/src/transcode/json_text.h"

namespace fivestrand::gateway::transcode {
namespace {

constexpr uint32_t kDenseNumbers = 64;

}  // namespace

const FieldPlan* MessagePlan::FindLarge(uint32_t number) const {
  const auto found =
      std::lower_bound(fields.begin(), fields.end(), number, [](const FieldPlan& field, uint32_t n) { return field.number < n; });
  return found != fields.end() && found->number == number ? &*found : nullptr;
}

const MessagePlan* PlanSet::Get(const google::protobuf::Descriptor* type) {
  const std::lock_guard lock(mutex_);
  return GetLocked(type);
}

const MessagePlan* PlanSet::GetByName(std::string_view full_name) {
  const auto* type = pool_->FindMessageTypeByName(std::string(full_name));
  return type == nullptr ? nullptr : Get(type);
}

const MessagePlan* PlanSet::GetLocked(const google::protobuf::Descriptor* type) {
  using google::protobuf::FieldDescriptor;
  if (const auto found = plans_.find(type); found != plans_.end()) return found->second.get();
  // Entered before its fields are looked at: types may contain themselves.
  MessagePlan* plan = (plans_[type] = std::make_unique<MessagePlan>()).get();
  plan->type = type;
  plan->well_known = WellKnownKind(type);
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    FieldPlan& out = plan->fields.emplace_back();
    out.number = field->number();
    out.type = field->type();
    out.repeated = field->is_repeated();
    out.map = field->is_map();
    out.has_presence = field->has_presence();
    AppendJsonString(field->json_name(), &out.key);
    out.key.push_back(':');
    out.enumeration = field->enum_type();
    out.descriptor = field;
    if (field->message_type() != nullptr) out.message = GetLocked(field->message_type());
  }
  std::sort(plan->fields.begin(), plan->fields.end(), [](const FieldPlan& a, const FieldPlan& b) { return a.number < b.number; });
  uint32_t dense = 0;
  for (const FieldPlan& field : plan->fields) {
    if (field.number < kDenseNumbers) dense = field.number + 1;
  }
  plan->by_number.assign(dense, -1);
  for (size_t i = 0; i < plan->fields.size(); ++i) {
    if (plan->fields[i].number < dense) plan->by_number[plan->fields[i].number] = static_cast<int16_t>(i);
  }
  return plan;
}

}  // namespace fivestrand::gateway::transcode
