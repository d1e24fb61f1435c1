#include "platform/rpc/method_entry.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fivestrand/options/v1/options.pb.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using options::v1::MethodPolicy;

absl::Status ContractError(const MethodDescriptor* method, std::string_view what) {
  return status::Precondition("CONTRACT", method->full_name(), what);
}

// Whether the contract says by a path of its own that the method answers for the schools of the caller.
bool NamesAnySchool(const MethodDescriptor* method) {
  const google::api::HttpRule& rule = method->options().GetExtension(google::api::http);
  const auto names_it = [](const google::api::HttpRule& one) {
    return absl::StrContains(one.get(), "/schools/-}");
  };
  return names_it(rule) || std::any_of(rule.additional_bindings().begin(), rule.additional_bindings().end(), names_it);
}

absl::StatusOr<FieldPath> ParseScope(const MethodDescriptor* method, const std::string& text) {
  FieldPath path;
  const Descriptor* message = method->input_type();
  for (const absl::string_view part : absl::StrSplit(text, '.')) {
    const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(std::string(part));
    if (field == nullptr || field->is_repeated()) {
      return ContractError(method, absl::StrCat("has the scope ", text, ", which is no singular field of its request"));
    }
    path.push_back(field);
    message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? field->message_type() : nullptr;
  }
  if (path.back()->type() != FieldDescriptor::TYPE_STRING) {
    return ContractError(method, absl::StrCat("has the scope ", text, ", which is no text"));
  }
  return path;
}

void CollectReadPermissions(const Descriptor* message, absl::flat_hash_set<const Descriptor*>* seen,
                            absl::flat_hash_set<std::string>* permissions) {
  if (!seen->insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* const field = message->field(i);
    if (field->options().HasExtension(options::v1::field)) {
      const std::string& permission = field->options().GetExtension(options::v1::field).read_permission();
      if (!permission.empty()) permissions->insert(permission);
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) CollectReadPermissions(field->message_type(), seen, permissions);
  }
}

}  // namespace

MethodEntry::Kind MethodEntry::kind() const {
  if (method->client_streaming()) return Kind::kClientStream;
  return method->server_streaming() ? Kind::kServerStream : Kind::kUnary;
}

absl::Status MethodEntry::Compile(Validators* validators) {
  if (!method->options().HasExtension(options::v1::policy)) return ContractError(method, "has no policy");
  const MethodPolicy& policy = method->options().GetExtension(options::v1::policy);
  switch (policy.access()) {
    case MethodPolicy::ACCESS_UNSPECIFIED:
    case MethodPolicy::GRANTED:
      access = Access::kGranted;
      break;
    case MethodPolicy::MEMBER:
      access = Access::kMember;
      break;
    case MethodPolicy::SERVICE:
      access = Access::kService;
      break;
    default:
      return ContractError(method, "has an access that this version does not know");
  }
  permission = policy.permission();
  audit_read = policy.audit_read();
  scope_text = policy.scope();
  list = absl::StartsWith(method->name(), "List") || NamesAnySchool(method);
  if (access == Access::kGranted && permission.empty()) return ContractError(method, "has no permission");
  if (access != Access::kService && scope_text.empty()) return ContractError(method, "has no scope");
  if (!scope_text.empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(scope, ParseScope(method, scope_text));
  }
  prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->input_type());
  if (prototype == nullptr) return ContractError(method, "has a request type that is not linked");
  FIVESTRAND_ASSIGN_OR_RETURN(validator, validators->ForMethod(method));
  return absl::OkStatus();
}

const MethodDescriptor* FindMethod(std::string_view full_name) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(full_name));
}

std::string PathOf(const MethodDescriptor* method) {
  return absl::StrCat("/", method->service()->full_name(), "/", method->name());
}

std::vector<std::string> DeclaredPermissions(absl::Span<const ServiceDescriptor* const> services) {
  absl::flat_hash_set<const Descriptor*> seen;
  absl::flat_hash_set<std::string> permissions;
  for (const ServiceDescriptor* const service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* const method = service->method(i);
      const std::string& permission = method->options().GetExtension(options::v1::policy).permission();
      if (!permission.empty()) permissions.insert(permission);
      CollectReadPermissions(method->input_type(), &seen, &permissions);
      CollectReadPermissions(method->output_type(), &seen, &permissions);
    }
  }
  std::vector<std::string> sorted(permissions.begin(), permissions.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace fivestrand::rpc
