#include "platform/events/mirror.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"
#include "google/api/resource.pb.h"

#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/resource/standard_methods.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::events {

namespace {

// What is to be written into one mirror: no name twice, and either records of a snapshot or changes.
class PendingRows {
 public:
  explicit PendingRows(const resource::RecordTable& table) : table_(table) {}

  absl::Status Add(store::WriteTransaction& transaction, resource::NamedRecord record, bool recorded) {
    if (recorded != recorded_) FIVESTRAND_RETURN_IF_ERROR(Write(transaction));
    recorded_ = recorded;
    const auto [at, added] = place_.try_emplace(AbslView(record.name), rows_.size());
    if (added) {
      rows_.push_back(std::move(record));
    } else if (recorded || record.row.revision > rows_[at->second].row.revision) {
      rows_[at->second] = std::move(record);
    }
    return absl::OkStatus();
  }

  absl::Status Write(store::WriteTransaction& transaction) {
    FIVESTRAND_RETURN_IF_ERROR(table_.Upsert(transaction, rows_, /*force=*/recorded_));
    rows_.clear();
    place_.clear();
    return absl::OkStatus();
  }

 private:
  const resource::RecordTable& table_;
  bool recorded_ = false;
  std::vector<resource::NamedRecord> rows_;
  absl::flat_hash_map<absl::string_view, std::size_t> place_;
};

}  // namespace

absl::Status ApplyToMirrors(const resource::Registry& registry, store::WriteTransaction& transaction,
                            absl::Span<const v1::Event* const> events) {
  google::protobuf::Arena arena;
  std::map<const resource::Entry*, PendingRows> pending;
  for (const v1::Event* event : events) {
    const resource::Entry* entry = registry.Find(event->resource_type());
    if (entry == nullptr || !entry->mirror) {
      return status::Internal(absl::StrCat(event->resource_type(), " is no mirror of this service"));
    }
    const resource::Declaration& declaration = *entry->declaration;
    google::protobuf::Message* record = resource::NewRecord(declaration, &arena);
    if (!record->ParseFromString(event->record()) || resource::GetText(*record, declaration.name_field) != event->resource() ||
        !declaration.pattern.Matches(event->resource())) {
      return status::DataLoss(absl::StrCat("an event of ", declaration.type, " does not hold its record"));
    }
    PendingRows& rows = pending.try_emplace(entry, *entry->table).first->second;
    const bool deleted = event->kind() == v1::DELETED;
    if (deleted && declaration.delete_time_field == nullptr) {
      FIVESTRAND_RETURN_IF_ERROR(rows.Write(transaction));
      FIVESTRAND_RETURN_IF_ERROR(entry->table->Remove(transaction, event->resource()));
      continue;
    }
    FIVESTRAND_RETURN_IF_ERROR(rows.Add(
        transaction,
        {event->resource(), record, {.revision = event->revision(), .deleted = deleted, .record = event->record(), .sealed = {}}},
        /*recorded=*/event->kind() == v1::RECORDED));
  }
  for (auto& [entry, rows] : pending) FIVESTRAND_RETURN_IF_ERROR(rows.Write(transaction));
  return absl::OkStatus();
}

absl::Status ApplyToMirror(const resource::Registry& registry, store::WriteTransaction& transaction, const v1::Event& event) {
  const v1::Event* const one = &event;
  return ApplyToMirrors(registry, transaction, {&one, 1});
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
