#include "platform/resource/declaration.h"

#include <functional>
#include <google/protobuf/descriptor.h>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/options/v1/options.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"

#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::resource {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using options::v1::FieldPolicy;

absl::Status Broken(const Descriptor* descriptor, std::string_view what) {
  return status::Internal(absl::StrCat("declaration of ", descriptor->full_name(), ": ", AbslView(what)));
}

const FieldPolicy& PolicyOf(const FieldDescriptor* field) {
  return field->options().GetExtension(options::v1::field);
}

bool HasBehavior(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  for (int i = 0; i < field->options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field->options().GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

bool Sealed(const FieldPolicy& policy) {
  return policy.sensitivity() == options::v1::SPECIAL_CATEGORY || policy.sensitivity() == options::v1::CONFIDENTIAL;
}

absl::StatusOr<ColumnKind> KindOf(const FieldDescriptor* field) {
  if (field->is_repeated())
    return Broken(field->containing_type(), absl::StrCat(field->name(), " is repeated and cannot be indexed"));
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return ColumnKind::kText;
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return ColumnKind::kInt;
    case FieldDescriptor::CPPTYPE_ENUM:
      return ColumnKind::kEnum;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field->message_type()->full_name() == "google.protobuf.Timestamp") return ColumnKind::kTimestamp;
      if (field->message_type()->full_name() == "google.type.Date") return ColumnKind::kDate;
      break;
    default:
      break;
  }
  return Broken(field->containing_type(), absl::StrCat(field->name(), " has a type that cannot be indexed"));
}

void CollectReferences(const Descriptor* descriptor, std::vector<const FieldDescriptor*>& path,
                       std::vector<Reference>* references) {
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    path.push_back(field);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string& type = field->options().GetExtension(google::api::resource_reference).type();
      if (!type.empty()) references->push_back({path, type});
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
               field->message_type()->file()->package() == descriptor->file()->package() && path.size() < 4) {
      CollectReferences(field->message_type(), path, references);
    }
    path.pop_back();
  }
}

}  // namespace

const Column* Declaration::FindColumn(std::string_view name) const {
  for (const Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

bool Declaration::confidential() const {
  for (const SealedField& field : sealed) {
    if (field.confidential) return true;
  }
  return false;
}

absl::StatusOr<std::unique_ptr<const Declaration>> Declaration::Compile(const Descriptor* descriptor) {
  const auto& resource = descriptor->options().GetExtension(google::api::resource);
  const auto& record = descriptor->options().GetExtension(options::v1::record);
  if (resource.pattern_size() != 1) return Broken(descriptor, "needs exactly one resource pattern");
  if (record.table().empty()) return Broken(descriptor, "needs a table");
  FIVESTRAND_ASSIGN_OR_RETURN(names::Pattern pattern, names::Pattern::Parse(resource.pattern(0)));
  std::unique_ptr<Declaration> made(new Declaration(std::move(pattern)));
  made->descriptor = descriptor;
  made->type = resource.type();
  made->singular = resource.singular();
  made->plural = resource.plural();
  made->table = record.table();
  made->keep_revisions = record.keep_revisions();
  made->unnamed_events = record.unnamed_events();
  made->elements.assign(record.elements().begin(), record.elements().end());

  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const FieldPolicy& policy = PolicyOf(field);
    if (policy.sensitivity() == options::v1::SENSITIVITY_UNSPECIFIED) {
      return Broken(descriptor, absl::StrCat(field->name(), " says nothing of its sensitivity"));
    }
    if (policy.indexed() || policy.unique()) {
      FIVESTRAND_ASSIGN_OR_RETURN(ColumnKind kind, KindOf(field));
      made->columns.push_back({field, field->name(), kind, policy.unique()});
    }
    if (Sealed(policy)) {
      if (field->is_repeated() || policy.indexed() || policy.unique()) {
        return Broken(descriptor, absl::StrCat(field->name(), " is kept encrypted, so it can be neither repeated nor indexed"));
      }
      SealedField sealed{field, policy.sensitivity() == options::v1::CONFIDENTIAL, {}};
      for (const std::string& reader : policy.readers()) {
        const FieldDescriptor* named = descriptor->FindFieldByName(reader);
        if (named == nullptr || named->cpp_type() != FieldDescriptor::CPPTYPE_STRING)
          return Broken(descriptor, absl::StrCat("no reader field ", reader));
        sealed.readers.push_back(named);
      }
      if (sealed.confidential && sealed.readers.empty())
        return Broken(descriptor, absl::StrCat(field->name(), " is confidential and names no readers"));
      made->sealed.push_back(std::move(sealed));
    }
    if (HasBehavior(field, google::api::REQUIRED)) made->required.push_back(field);
    if (!policy.read_permission().empty()) made->guarded.push_back({field, policy.read_permission()});
  }

  auto find = [&](std::string_view name, bool must, const FieldDescriptor** into) -> absl::Status {
    *into = descriptor->FindFieldByName(std::string(name));
    if (*into == nullptr && must) return Broken(descriptor, absl::StrCat("has no field ", AbslView(name)));
    return absl::OkStatus();
  };
  FIVESTRAND_RETURN_IF_ERROR(find("name", true, &made->name_field));
  FIVESTRAND_RETURN_IF_ERROR(find("etag", true, &made->etag_field));
  FIVESTRAND_RETURN_IF_ERROR(find("create_time", true, &made->create_time_field));
  FIVESTRAND_RETURN_IF_ERROR(find("update_time", true, &made->update_time_field));
  FIVESTRAND_RETURN_IF_ERROR(find("delete_time", false, &made->delete_time_field));
  for (const std::string& own : record.own_fields()) {
    const FieldDescriptor* field = descriptor->FindFieldByName(own);
    if (field == nullptr || (own != "name" && made->FindColumn(own) == nullptr))
      return Broken(descriptor, absl::StrCat("own field ", own, " is not indexed"));
    made->own_fields.push_back(field);
  }
  for (auto [name, into] :
       {std::pair{&record.subject_field(), &made->subject_field}, std::pair{&record.year_group_field(), &made->year_group_field},
        std::pair{&record.school_field(), &made->school_field}, std::pair{&record.restricted_field(), &made->restricted_field}}) {
    if (name->empty()) continue;
    if (made->FindColumn(*name) == nullptr) return Broken(descriptor, absl::StrCat(*name, " is not indexed"));
    *into = descriptor->FindFieldByName(*name);
  }
  if (made->school_field != nullptr) {
    const auto& variables = made->pattern.variables();
    if (made->school_field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || absl::c_linear_search(variables, "school"))
      return Broken(descriptor, "has a school_field that is no text, or beside the school in its name");
  }
  if (made->restricted_field != nullptr &&
      (made->restricted_field->cpp_type() != FieldDescriptor::CPPTYPE_BOOL || made->own_fields.empty())) {
    return Broken(descriptor, "has a restricted_field that is no bool, or no own_fields");
  }
  std::vector<const FieldDescriptor*> path;
  CollectReferences(descriptor, path, &made->references);
  return std::unique_ptr<const Declaration>(std::move(made));
}

std::string_view PathOf(std::string_view name) {
  std::string_view trust = names::TrustNameOf(name);
  if (trust.empty() || name.size() <= trust.size()) return {};
  return name.substr(trust.size() + 1);
}

}  // namespace fivestrand::resource
