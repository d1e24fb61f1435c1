#include "gateway/src/transcode/rest_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/options/v1/options.pb.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor.h"

namespace fivestrand::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// The verb and path of a rule; an empty path when the rule has none that is served.
std::pair<http::Method, std::string> VerbAndPath(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {http::Method::kGet, rule.get()};
    case google::api::HttpRule::kPut:
      return {http::Method::kPut, rule.put()};
    case google::api::HttpRule::kPost:
      return {http::Method::kPost, rule.post()};
    case google::api::HttpRule::kDelete:
      return {http::Method::kDelete, rule.delete_()};
    case google::api::HttpRule::kPatch:
      return {http::Method::kPatch, rule.patch()};
    case google::api::HttpRule::kCustom:
    case google::api::HttpRule::PATTERN_NOT_SET:
      break;
  }
  return {http::Method::kOther, ""};
}

bool IsString(const FieldDescriptor* field) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
}

FieldPath StringPath(const google::protobuf::Descriptor* type, std::string_view path) {
  FieldPath fields = ResolvePath(type, path);
  if (fields.empty() || !IsString(fields.back())) return {};
  return fields;
}

absl::Status Complain(const MethodDescriptor* method, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("HTTP rule of ", method->full_name(), ": ", why));
}

absl::StatusOr<RestBinding> Bind(const MethodDescriptor* method, const google::api::HttpRule& rule, const PathTemplate& path,
                                 PlanSet* plans) {
  RestBinding binding;
  binding.method = method;
  std::tie(binding.http_method, binding.pattern) = VerbAndPath(rule);
  binding.grpc_path = absl::StrCat("/", method->service()->full_name(), "/", method->name());
  for (const auto& variable : path.variables) {
    FieldPath fields = ResolvePath(method->input_type(), variable.field_path);
    if (fields.empty()) return Complain(method, absl::StrCat("there is no field ", variable.field_path));
    if (fields.back()->is_repeated() || !IsTextual(fields.back())) {
      return Complain(method, absl::StrCat("a path cannot hold the field ", variable.field_path));
    }
    binding.variables.push_back(std::move(fields));
  }
  if (method->client_streaming()) {
    binding.body = RestBinding::Body::kPieces;
    binding.body_field = method->input_type()->FindFieldByName(rule.body());
    if (method->server_streaming()) return Complain(method, "a method that takes and gives streams cannot be bound");
    if (binding.body_field == nullptr || binding.body_field->is_repeated() ||
        binding.body_field->type() != FieldDescriptor::TYPE_BYTES) {
      return Complain(method, "its body must be the bytes field that takes the pieces of a file");
    }
  } else if (rule.body() == "*") {
    binding.body = RestBinding::Body::kWhole;
  } else if (!rule.body().empty()) {
    binding.body = RestBinding::Body::kField;
    binding.body_field = method->input_type()->FindFieldByName(rule.body());
    if (binding.body_field == nullptr) return Complain(method, absl::StrCat("there is no field ", rule.body()));
  }
  binding.response_plan = plans->Get(method->output_type());
  if (!rule.response_body().empty()) {
    const FieldDescriptor* field = method->output_type()->FindFieldByName(rule.response_body());
    if (field == nullptr) return Complain(method, absl::StrCat("the answer has no field ", rule.response_body()));
    binding.response_field = binding.response_plan->Find(field->number());
  }
  const FieldDescriptor* etag = method->output_type()->FindFieldByName("etag");
  if (IsString(etag)) binding.response_etag = etag->number();
  binding.request_etag = StringPath(method->input_type(), "etag");
  if (binding.request_etag.empty() && binding.body == RestBinding::Body::kField) {
    binding.request_etag = StringPath(method->input_type(), absl::StrCat(binding.body_field->name(), ".etag"));
    // Only an update names the version that it replaces; on a create the resource's etag says nothing.
    if (binding.http_method != http::Method::kPatch && binding.http_method != http::Method::kPut) binding.request_etag.clear();
  }
  binding.request_id = StringPath(method->input_type(), "request_id");
  return binding;
}

}  // namespace

bool ServedAtEdge(const MethodDescriptor* method) {
  return method->options().GetExtension(options::v1::policy).access() != options::v1::MethodPolicy::SERVICE;
}

absl::StatusOr<RestTable> RestTable::Build(absl::Span<const google::protobuf::ServiceDescriptor* const> services, PlanSet* plans) {
  RestTable table;
  for (const auto* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* method = service->method(i);
      if (!method->options().HasExtension(google::api::http) || !ServedAtEdge(method)) continue;
      table.takes_streams_ = table.takes_streams_ || method->client_streaming();
      const google::api::HttpRule& main = method->options().GetExtension(google::api::http);
      std::vector<const google::api::HttpRule*> rules{&main};
      for (const auto& additional : main.additional_bindings()) rules.push_back(&additional);
      for (const auto* rule : rules) {
        const auto [verb, text] = VerbAndPath(*rule);
        if (text.empty()) return Complain(method, "it has no path, or a verb of its own");
        const absl::StatusOr<PathTemplate> path = PathTemplate::Parse(text);
        if (!path.ok()) return Complain(method, path.status().message());
        absl::StatusOr<RestBinding> binding = Bind(method, *rule, *path, plans);
        if (!binding.ok()) return binding.status();
        if (absl::Status added = table.router_.Add(verb, *path, table.bindings_.size()); !added.ok()) {
          return absl::Status(added.code(), absl::StrCat(method->full_name(), ": ", added.message()));
        }
        table.bindings_.push_back(*std::move(binding));
      }
    }
  }
  return table;
}

}  // namespace fivestrand::gateway::transcode
