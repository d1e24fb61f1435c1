#include <google/protobuf/descriptor.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/field_behavior.pb.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/standard_methods.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::resource {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::MessageDifferencer;

constexpr int kMaxBatch = 1000;

bool Has(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  for (int i = 0; i < field->options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field->options().GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

std::string Text(const Message& request, std::string_view name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(std::string(name));
  return field == nullptr ? std::string() : GetText(request, field);
}

bool Flag(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && request.GetReflection()->GetBool(request, field);
}

// Whether a caller can set the field at all.
bool Settable(const Declaration& declaration, const FieldDescriptor* field) {
  return field != declaration.name_field && field != declaration.etag_field && !Has(field, google::api::OUTPUT_ONLY);
}

// The mask that an update means, each path checked.
absl::StatusOr<FieldMask> MaskOf(const Declaration& declaration, const Message& request, const Message& record) {
  FieldMask mask;
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("update_mask");
  const auto& asked = static_cast<const FieldMask&>(request.GetReflection()->GetMessage(request, field));
  const bool all = asked.paths_size() == 1 && asked.paths(0) == "*";
  if (asked.paths_size() == 0 || all) {
    std::vector<const FieldDescriptor*> populated;
    record.GetReflection()->ListFields(record, &populated);
    for (int i = 0; i < declaration.descriptor->field_count(); ++i) {
      const FieldDescriptor* candidate = declaration.descriptor->field(i);
      const bool present = std::find(populated.begin(), populated.end(), candidate) != populated.end();
      if (Settable(declaration, candidate) && (all || present)) mask.add_paths(candidate->name());
    }
    return mask;
  }
  status::FieldViolations wrong;
  for (const std::string& path : asked.paths()) {
    const std::string first(path, 0, path.find('.'));
    const FieldDescriptor* top = declaration.descriptor->FindFieldByName(first);
    if (top == nullptr || !FieldMaskUtil::GetFieldDescriptors(declaration.descriptor, path, nullptr)) {
      wrong.Add("update_mask", absl::StrCat(declaration.singular, " has no field ", path));
    } else if (!Settable(declaration, top)) {
      wrong.Add("update_mask", absl::StrCat(path, " is set by the server"));
    } else {
      mask.add_paths(path);
    }
  }
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus(status::Reason::kInvalidMask));
  return mask;
}

// Takes the masked fields over; an immutable one may only keep its value.
absl::Status Merge(const WriteContext& write, const Declaration& declaration, const FieldMask& mask, const Message& from,
                   Message* to) {
  std::unique_ptr<Message> before(to->New());
  before->CopyFrom(*to);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(from, mask, options, to);
  status::FieldViolations wrong;
  for (const std::string& path : mask.paths()) {
    const FieldDescriptor* top = declaration.descriptor->FindFieldByName(std::string(path, 0, path.find('.')));
    if (!Has(top, google::api::IMMUTABLE)) continue;
    MessageDifferencer difference;
    if (!difference.CompareWithFields(*before, *to, {top}, {top})) wrong.Add(write.Field(path), "cannot change after creation");
  }
  return wrong.ToStatus();
}

// The record of a request without what only the server sets.
Message* Incoming(const Declaration& declaration, const Message& record, google::protobuf::Arena* arena) {
  Message* copy = NewRecord(declaration, arena);
  copy->CopyFrom(record);
  for (const FieldDescriptor* field :
       {declaration.etag_field, declaration.create_time_field, declaration.update_time_field, declaration.delete_time_field}) {
    if (field != nullptr) copy->GetReflection()->ClearField(copy, field);
  }
  return copy;
}

absl::Status CheckId(std::string_view field, std::string_view id) {
  if (id.empty() || names::ValidId(id)) return absl::OkStatus();
  return status::InvalidField(field, "must be 1 to 63 lower-case letters, digits or hyphens, the first not a hyphen");
}

// What every write method does with the state that it leaves.
void Answer(const Registry& registry, const Entry& entry, WriteContext& write, Message* record, std::string* reply) {
  Redaction(registry, entry, write.call()).Apply(record);
  record->SerializeToString(reply);
}

absl::Status RunCreate(const Registry& registry, const StandardMethod& standard, WriteContext& write, const Message& request,
                       std::string* reply) {
  google::protobuf::Arena arena;
  const std::string id_field = absl::StrCat(standard.record_field->name(), "_id");
  const std::string id = Text(request, id_field);
  FIVESTRAND_RETURN_IF_ERROR(CheckId(id_field, id));
  write.set_field_prefix(standard.record_field->name());
  Message* record =
      Incoming(*standard.entry->declaration, request.GetReflection()->GetMessage(request, standard.record_field), &arena);
  FIVESTRAND_RETURN_IF_ERROR(write.Create(Text(request, "parent"), id, record));
  Answer(registry, *standard.entry, write, record, reply);
  return absl::OkStatus();
}

absl::Status RunBatchCreate(const Registry& registry, const StandardMethod& standard, WriteContext& write, const Message& request,
                            std::string* reply) {
  const FieldDescriptor* items = request.GetDescriptor()->FindFieldByName("requests");
  const auto* reflection = request.GetReflection();
  const int count = reflection->FieldSize(request, items);
  if (count > kMaxBatch) return status::InvalidField("requests", absl::StrCat("more than ", kMaxBatch));
  const std::string parent = Text(request, "parent");
  google::protobuf::Arena arena;
  for (int i = 0; i < count; ++i) {
    const Message& item = reflection->GetRepeatedMessage(request, items, i);
    const std::string at = absl::StrCat("requests[", i, "]");
    const FieldDescriptor* field = nullptr;
    for (int f = 0; f < item.GetDescriptor()->field_count(); ++f) {
      if (item.GetDescriptor()->field(f)->message_type() == standard.entry->declaration->descriptor)
        field = item.GetDescriptor()->field(f);
    }
    if (field == nullptr || !item.GetReflection()->HasField(item, field)) return status::InvalidField(at, "holds no record");
    if (const std::string own = Text(item, "parent"); !own.empty() && own != parent) {
      return status::InvalidField(absl::StrCat(at, ".parent"), "must be empty or the parent of the batch");
    }
    const std::string id_field = absl::StrCat(field->name(), "_id");
    const std::string id = Text(item, id_field);
    FIVESTRAND_RETURN_IF_ERROR(CheckId(absl::StrCat(at, ".", id_field), id));
    write.set_field_prefix(absl::StrCat(at, ".", field->name()));
    Message* record = Incoming(*standard.entry->declaration, item.GetReflection()->GetMessage(item, field), &arena);
    FIVESTRAND_RETURN_IF_ERROR(write.Create(parent, id, record));
    Redaction(registry, *standard.entry, write.call()).Apply(record);
    AppendField(reply, standard.record_field->number(), record->SerializeAsString());
  }
  return absl::OkStatus();
}

absl::Status RunUpdate(const Registry& registry, const StandardMethod& standard, WriteContext& write, const Message& request,
                       std::string* reply) {
  const Entry& entry = *standard.entry;
  const Declaration& declaration = *entry.declaration;
  google::protobuf::Arena arena;
  const Message& given = request.GetReflection()->GetMessage(request, standard.record_field);
  const std::string name = GetText(given, declaration.name_field);
  if (!declaration.pattern.Matches(name)) {
    return status::InvalidField(absl::StrCat(standard.record_field->name(), ".name"),
                                absl::StrCat("must have the form ", declaration.pattern.text()));
  }
  write.set_field_prefix(standard.record_field->name());
  FIVESTRAND_ASSIGN_OR_RETURN(const FieldMask mask, MaskOf(declaration, request, given));
  Message* record = NewRecord(declaration, &arena);
  const std::string etag = GetText(given, declaration.etag_field);
  absl::Status updated =
      write.Update(name, {.etag = etag}, "update", record, [&] { return Merge(write, declaration, mask, given, record); });
  if (absl::IsNotFound(updated) && Flag(request, "allow_missing")) {
    if (!standard.create_permission.empty() &&
        !registry.access()
             .DecideFor(*write.call().caller, standard.create_permission, write.call().scope, write.call().now)
             .allowed) {
      return status::Denied(standard.create_permission);
    }
    record = Incoming(declaration, given, &arena);
    const std::string_view parent = names::ParentOf(name);
    FIVESTRAND_RETURN_IF_ERROR(write.Create(parent, names::IdOf(name), record));
    updated = absl::OkStatus();
  }
  FIVESTRAND_RETURN_IF_ERROR(updated);
  Answer(registry, entry, write, record, reply);
  return absl::OkStatus();
}

absl::Status RunDelete(const Registry& registry, const StandardMethod& standard, WriteContext& write, const Message& request,
                       std::string* reply) {
  google::protobuf::Arena arena;
  Message* record = NewRecord(*standard.entry->declaration, &arena);
  const std::string name = Text(request, "name"), etag = Text(request, "etag");
  FIVESTRAND_RETURN_IF_ERROR(standard.verb == Verb::kDelete ? write.Delete(name, {.etag = etag}, record)
                                                            : write.Undelete(name, {.etag = etag}, record));
  Answer(registry, *standard.entry, write, record, reply);
  return absl::OkStatus();
}

}  // namespace

void BindWrite(Registry& registry, rpc::Server& server, const StandardMethod& standard) {
  const bool sealed = !standard.entry->declaration->sealed.empty();
  // Sealing may have to make a key first, which waits for the store.
  const rpc::Runs where = sealed ? rpc::Runs::kPool : rpc::Runs::kInline;
  server.AsyncUnary(standard.method, where,
                    [&registry, standard, sealed](std::shared_ptr<const rpc::CallContext> context, const Message& request,
                                                  std::function<void(absl::Status, rpc::Reply)> done) {
                      WriteSpec spec{.request_id = Text(request, "request_id"),
                                     .validate_only = Flag(request, "validate_only"),
                                     .seal_answer = sealed,
                                     .resource_type = standard.entry->declaration->type};
                      const Message* kept = &request;
                      registry.RunWrite(
                          std::move(context), request, std::move(spec),
                          [&registry, standard, kept](WriteContext& write, std::string* reply) -> absl::Status {
                            write.set_check_rows(true);
                            switch (standard.verb) {
                              case Verb::kCreate:
                                return RunCreate(registry, standard, write, *kept, reply);
                              case Verb::kBatchCreate:
                                return RunBatchCreate(registry, standard, write, *kept, reply);
                              case Verb::kUpdate:
                                return RunUpdate(registry, standard, write, *kept, reply);
                              case Verb::kDelete:
                              case Verb::kUndelete:
                                return RunDelete(registry, standard, write, *kept, reply);
                              case Verb::kGet:
                              case Verb::kList:
                              case Verb::kListRevisions:
                                break;
                            }
                            return status::Internal("a read was bound as a write");
                          },
                          std::move(done));
                    });
}

}  // namespace fivestrand::resource
