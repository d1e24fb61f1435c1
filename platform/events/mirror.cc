#include "platform/events/mirror.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <string>

#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"
#include "google/api/resource.pb.h"

#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/resource/standard_methods.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::events {

absl::Status ApplyToMirror(const resource::Registry& registry, store::WriteTransaction& transaction, const v1::Event& event) {
  const resource::Entry* entry = registry.Find(event.resource_type());
  if (entry == nullptr || !entry->mirror) {
    return status::Internal(absl::StrCat(event.resource_type(), " is no mirror of this service"));
  }
  const resource::Declaration& declaration = *entry->declaration;
  google::protobuf::Arena arena;
  google::protobuf::Message* record = resource::NewRecord(declaration, &arena);
  if (!record->ParseFromString(event.record()) || resource::GetText(*record, declaration.name_field) != event.resource() ||
      !declaration.pattern.Matches(event.resource())) {
    return status::DataLoss(absl::StrCat("an event of ", declaration.type, " does not hold its record"));
  }
  if (event.kind() == v1::DELETED && declaration.delete_time_field == nullptr) {
    return entry->table->Remove(transaction, event.resource());
  }
  resource::StoredRecord row;
  row.revision = event.revision();
  row.deleted = event.kind() == v1::DELETED;
  row.record = event.record();
  return entry->table->Upsert(transaction, event.resource(), *record, row, /*force=*/event.kind() == v1::RECORDED).status();
}

v1::Event EventOf(const google::protobuf::Message& record, std::int64_t revision) {
  const auto* descriptor = record.GetDescriptor();
  const auto* reflection = record.GetReflection();
  const auto* delete_time = descriptor->FindFieldByName("delete_time");
  v1::Event event;
  event.set_resource_type(descriptor->options().GetExtension(google::api::resource).type());
  event.set_resource(resource::GetText(record, descriptor->FindFieldByName("name")));
  event.set_revision(revision);
  event.set_record(record.SerializeAsString());
  const bool deleted = delete_time != nullptr && reflection->HasField(record, delete_time);
  event.set_kind(deleted ? v1::DELETED : revision == 1 ? v1::CREATED : v1::UPDATED);
  return event;
}

}  // namespace fivestrand::events
