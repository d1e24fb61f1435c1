#include "platform/resource/standard_methods.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fivestrand/options/v1/options.pb.h"

#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::resource {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

namespace {

const FieldDescriptor* RepeatedRecord(const Registry& registry, const Descriptor* response) {
  const FieldDescriptor* field = response->FindFieldByNumber(1);
  if (field == nullptr || !field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return nullptr;
  return registry.Find(field->message_type()) == nullptr ? nullptr : field;
}

const FieldDescriptor* RecordOf(const Descriptor* request, const Descriptor* record) {
  for (int i = 0; i < request->field_count(); ++i) {
    const FieldDescriptor* field = request->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated() && field->message_type() == record)
      return field;
  }
  return nullptr;
}

absl::Status NotStandard(const MethodDescriptor* method) {
  return absl::NotFoundError(absl::StrCat(method->full_name(), " is no standard method"));
}

}  // namespace

absl::StatusOr<StandardMethod> Recognise(const Registry& registry, const MethodDescriptor* method) {
  const std::string& name = method->name();
  StandardMethod standard;
  standard.method = method;
  const Descriptor* output = method->output_type();
  if (absl::StartsWith(name, "BatchCreate") || absl::StartsWith(name, "List")) {
    standard.record_field = RepeatedRecord(registry, output);
    if (standard.record_field == nullptr) return NotStandard(method);
    standard.entry = registry.Find(standard.record_field->message_type());
    const bool revisions = absl::EndsWith(name, "Revisions");
    standard.verb = absl::StartsWith(name, "Batch") ? Verb::kBatchCreate : revisions ? Verb::kListRevisions : Verb::kList;
    const bool shaped = method->input_type()->FindFieldByName(revisions ? "name" : "parent") != nullptr;
    return shaped ? absl::StatusOr<StandardMethod>(standard) : NotStandard(method);
  }
  standard.entry = registry.Find(output);
  if (standard.entry == nullptr) return NotStandard(method);
  const std::string& singular = output->name();
  if (name == absl::StrCat("Get", singular)) {
    standard.verb = Verb::kGet;
  } else if (name == absl::StrCat("Create", singular) || name == absl::StrCat("Update", singular)) {
    standard.verb = name[0] == 'C' ? Verb::kCreate : Verb::kUpdate;
    standard.record_field = RecordOf(method->input_type(), output);
    if (standard.record_field == nullptr) return NotStandard(method);
    const MethodDescriptor* create = method->service()->FindMethodByName(absl::StrCat("Create", singular));
    if (create != nullptr) standard.create_permission = create->options().GetExtension(options::v1::policy).permission();
  } else if (name == absl::StrCat("Delete", singular)) {
    standard.verb = Verb::kDelete;
  } else if (name == absl::StrCat("Undelete", singular)) {
    standard.verb = Verb::kUndelete;
  } else {
    return NotStandard(method);
  }
  return standard;
}

absl::Status Registry::Serve(rpc::Server& server, const google::protobuf::ServiceDescriptor* service,
                             const absl::flat_hash_set<std::string>& elsewhere) {
  for (int i = 0; i < service->method_count(); ++i) {
    const MethodDescriptor* method = service->method(i);
    if (elsewhere.contains(method->name())) continue;
    absl::StatusOr<StandardMethod> standard = Recognise(*this, method);
    if (!standard.ok()) return status::Internal(StdView(standard.status().message()));
    switch (standard->verb) {
      case Verb::kGet:
      case Verb::kList:
      case Verb::kListRevisions:
        BindRead(*this, server, *standard);
        break;
      case Verb::kCreate:
      case Verb::kUpdate:
      case Verb::kDelete:
      case Verb::kUndelete:
      case Verb::kBatchCreate:
        if (standard->entry->mirror) {
          return status::Internal(absl::StrCat(method->full_name(), " would write a mirror"));
        }
        BindWrite(*this, server, *standard);
        break;
    }
  }
  return absl::OkStatus();
}

Redaction::Redaction(const Registry& registry, const Entry& entry, const rpc::CallContext& context)
    : entry_(entry), context_(context) {
  for (const GuardedField& guarded : entry.declaration->guarded) {
    identity::Access access = registry.access().DecideFor(*context.caller, guarded.permission, context.scope, context.now);
    if (!(access.allowed && access.everything)) fields_.push_back({guarded.field, std::move(access)});
  }
}

void Redaction::Apply(google::protobuf::Message* record) const {
  if (fields_.empty() || IsOwn(*entry_.declaration, *record, context_.caller->subject)) return;
  Facts facts;
  FactsOf(*entry_.declaration, *record, context_.caller->subject, &facts);
  for (const Field& field : fields_) {
    if (field.access.allowed && field.access.Includes(facts.row)) continue;
    record->GetReflection()->ClearField(record, field.field);
  }
}

std::vector<const Column*> Redaction::HiddenColumns() const {
  std::vector<const Column*> hidden;
  for (const Field& field : fields_) {
    if (const Column* column = entry_.declaration->FindColumn(field.field->name())) hidden.push_back(column);
  }
  return hidden;
}

google::protobuf::Message* NewRecord(const Declaration& declaration, google::protobuf::Arena* arena) {
  return google::protobuf::MessageFactory::generated_factory()->GetPrototype(declaration.descriptor)->New(arena);
}

}  // namespace fivestrand::resource
