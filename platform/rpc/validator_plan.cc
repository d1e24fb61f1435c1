// Compiling the options of a message type into a plan.
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/options/v1/options.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/names/names.h"
#include "platform/rpc/message_plan.h"
#include "platform/rpc/resource_index.h"
#include "platform/rpc/validator.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using options::v1::FieldPolicy;

constexpr int kDefaultMaxLength = 200;
constexpr int kDefaultMaxItems = 100;

WellKnown WellKnownOf(const Descriptor* type) {
  const std::string& name = type->full_name();
  if (name == "google.protobuf.Timestamp") return WellKnown::kTimestamp;
  if (name == "google.protobuf.Duration") return WellKnown::kDuration;
  if (name == "google.type.Date") return WellKnown::kDate;
  if (absl::StartsWith(name, "google.")) return WellKnown::kOther;
  return WellKnown::kNone;
}

void ReadBehavior(const FieldDescriptor* field, FieldPlan* plan) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    const auto behavior = options.GetExtension(google::api::field_behavior, i);
    if (behavior == google::api::REQUIRED) plan->required = true;
    if (behavior == google::api::OUTPUT_ONLY) plan->output_only = true;
    if (behavior == google::api::IDENTIFIER) plan->is_name = true;
  }
}

absl::Status ReadText(const FieldDescriptor* field, const FieldPolicy* policy, const ResourceIndex& index, FieldPlan* plan) {
  const auto& options = field->options();
  if (options.HasExtension(google::api::resource_reference)) {
    const auto& reference = options.GetExtension(google::api::resource_reference);
    plan->is_name = true;
    if (!reference.child_type().empty()) {
      plan->names = &index.ParentPatternsOf(reference.child_type());
      plan->parent_of_list = true;
    } else if (reference.type() != "*") {
      plan->names = &index.PatternsOf(reference.type());
    }
  } else if (plan->is_name) {
    const auto& owner = field->containing_type()->options();
    if (owner.HasExtension(google::api::resource))
      plan->names = &index.PatternsOf(owner.GetExtension(google::api::resource).type());
  }
  plan->max_length = policy == nullptr ? kMaxEnvelopeLength : policy->max_length() == 0 ? kDefaultMaxLength : policy->max_length();
  if (plan->is_name) plan->max_length = static_cast<int>(names::kMaxNameLength);
  if (policy != nullptr && !policy->pattern().empty()) {
    RE2::Options quiet;
    quiet.set_log_errors(false);
    plan->pattern = std::make_unique<const RE2>(policy->pattern(), quiet);
    if (!plan->pattern->ok()) {
      return status::Precondition("CONTRACT", field->full_name(),
                                  absl::StrCat("has a pattern that is none: ", plan->pattern->error()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

Validators::Validators(const ResourceIndex* index) : index_(index) {}
Validators::~Validators() = default;

absl::StatusOr<const MessagePlan*> Validators::PlanOf(const Descriptor* type) {
  auto& slot = plans_[type];
  if (slot != nullptr) return slot.get();
  // Stored before it is filled, because messages can contain themselves.
  slot = std::make_unique<MessagePlan>();
  MessagePlan* const plan = slot.get();
  FIVESTRAND_RETURN_IF_ERROR(Fill(type, plan));
  return plan;
}

absl::Status Validators::Fill(const Descriptor* type, MessagePlan* plan) {
  plan->fields.reserve(static_cast<std::size_t>(type->field_count()));
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* const field = type->field(i);
    FieldPlan entry;
    entry.field = field;
    ReadBehavior(field, &entry);
    const FieldPolicy* const policy =
        field->options().HasExtension(options::v1::field) ? &field->options().GetExtension(options::v1::field) : nullptr;
    entry.max_items = policy == nullptr || policy->max_items() == 0 ? kDefaultMaxItems : policy->max_items();
    if (policy != nullptr && (policy->min() != 0 || policy->max() != 0)) {
      if (policy->min() > policy->max()) return status::Precondition("CONTRACT", field->full_name(), "has min above max");
      entry.bounded = true;
      entry.min = policy->min();
      entry.max = policy->max();
    }
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      FIVESTRAND_RETURN_IF_ERROR(ReadText(field, policy, *index_, &entry));
      entry.uuid = field->name() == "request_id";
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      entry.well_known = WellKnownOf(field->message_type());
      if (entry.well_known == WellKnown::kNone) {
        FIVESTRAND_ASSIGN_OR_RETURN(entry.child, PlanOf(field->message_type()));
      } else if (field->name() == "update_mask" && field->message_type()->full_name() == "google.protobuf.FieldMask") {
        plan->mask = field;
      }
    }
    plan->fields.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::StatusOr<RequestValidator> Validators::ForMethod(const google::protobuf::MethodDescriptor* method) {
  FIVESTRAND_ASSIGN_OR_RETURN(const MessagePlan* plan, PlanOf(method->input_type()));
  return RequestValidator(plan, absl::StartsWith(method->name(), "List"));
}

}  // namespace fivestrand::rpc
