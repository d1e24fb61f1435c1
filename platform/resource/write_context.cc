#include "platform/resource/write_context.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>
#include <memory>

#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::resource {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// Takes out what `subject` may not read.
void HideConfidential(const Declaration& declaration, std::string_view subject, Message* record) {
  for (const SealedField& sealed : declaration.sealed) {
    if (sealed.confidential && !IsReader(sealed, *record, subject)) record->GetReflection()->ClearField(record, sealed.field);
  }
}

// Calls `each` with every value at the end of a reference's path, and the path as text.
absl::Status EachReference(const Message& message, const std::vector<const FieldDescriptor*>& path, size_t at, std::string text,
                           absl::FunctionRef<absl::Status(const std::string& field, const std::string& value)> each) {
  const FieldDescriptor* field = path[at];
  const auto* reflection = message.GetReflection();
  absl::StrAppend(&text, text.empty() ? "" : ".", field->name());
  const bool last = at + 1 == path.size();
  if (field->is_repeated()) {
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      std::string item = absl::StrCat(text, "[", i, "]");
      if (last) {
        FIVESTRAND_RETURN_IF_ERROR(each(item, reflection->GetRepeatedString(message, field, i)));
      } else {
        FIVESTRAND_RETURN_IF_ERROR(
            EachReference(reflection->GetRepeatedMessage(message, field, i), path, at + 1, std::move(item), each));
      }
    }
    return absl::OkStatus();
  }
  if (last) return each(text, reflection->GetString(message, field));
  if (!reflection->HasField(message, field)) return absl::OkStatus();
  return EachReference(reflection->GetMessage(message, field), path, at + 1, std::move(text), each);
}

}  // namespace

std::string WriteContext::Field(std::string_view field) const {
  return prefix_.empty() ? std::string(field) : absl::StrCat(prefix_, ".", AbslView(field));
}

absl::StatusOr<const Entry*> WriteContext::EntryOf(const Message& record) const {
  const Entry* entry = registry_.Find(record.GetDescriptor());
  if (entry == nullptr) return status::Internal(absl::StrCat(record.GetDescriptor()->full_name(), " is not declared"));
  if (entry->mirror)
    return status::Internal(absl::StrCat(entry->declaration->type, " is a mirror: only its own service writes it"));
  return entry;
}

absl::StatusOr<bool> WriteContext::Read(std::string_view name, Message* record) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(transaction_, name, record));
  if (found) live_.emplace(name);
  return found;
}

absl::StatusOr<bool> WriteContext::Live(const Entry& target, std::string_view name) {
  if (live_.contains(std::string(name))) return true;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool live, target.table->Live(transaction_, names::TrustOf(name), PathOf(name)));
  if (live) live_.emplace(name);
  return live;
}

absl::Status WriteContext::CheckRow(const Entry& entry, const Message& record) const {
  if (!check_rows_ || (call_.access.everything && entry.declaration->restricted_field == nullptr)) return absl::OkStatus();
  Facts facts;
  FactsOf(*entry.declaration, record, call_.caller->subject, &facts);
  if (call_.access.Includes(facts.row)) return absl::OkStatus();
  // As if it were not there.
  if (call_.access.everything) return status::NotFound(entry.declaration->type, GetText(record, entry.declaration->name_field));
  return status::Denied(call_.method->full_name());
}

absl::Status WriteContext::CheckReferences(const Entry& entry, const Message* before, const Message& after) {
  status::FieldViolations missing;
  const std::string name = GetText(after, entry.declaration->name_field);
  const std::string_view trust = names::TrustOf(name);
  for (const Reference& reference : entry.declaration->references) {
    const Entry* target = registry_.Find(reference.type);
    if (target == nullptr) continue;  // Kept by another service, which says so through its feed.
    FIVESTRAND_RETURN_IF_ERROR(
        EachReference(after, reference.path, 0, {}, [&](const std::string& field, const std::string& value) -> absl::Status {
          if (value.empty()) return absl::OkStatus();
          // A record may go on naming what has been deleted since; only a new mention needs a live target.
          if (before != nullptr && reference.path.size() == 1 && !reference.path[0]->is_repeated() &&
              GetText(*before, reference.path[0]) == value) {
            return absl::OkStatus();
          }
          if (names::TrustOf(value) != trust || !target->declaration->pattern.Matches(value)) {
            missing.Add(Field(field), absl::StrCat("must name a ", target->declaration->singular, " of the same trust"));
            return absl::OkStatus();
          }
          FIVESTRAND_ASSIGN_OR_RETURN(const bool live, Live(*target, value));
          if (!live) missing.Add(Field(field), absl::StrCat("names a ", target->declaration->singular, " that does not exist"));
          return absl::OkStatus();
        }));
  }
  return missing.ToStatus(status::Reason::kReferenceNotFound);
}

absl::Status WriteContext::CheckUnused(const Entry& entry, std::string_view name) {
  for (const auto& other : registry_.entries()) {
    for (const Reference& reference : other->declaration->references) {
      if (reference.type != entry.declaration->type || reference.path.size() != 1) continue;
      const Column* column = other->declaration->FindColumn(reference.path[0]->name());
      if (column == nullptr) continue;
      FIVESTRAND_ASSIGN_OR_RETURN(bool used, other->table->Mentions(transaction_, names::TrustOf(name), *column, name));
      if (used) {
        return status::Precondition(status::Reason::kResourceInUse, "RESOURCE_IN_USE", name,
                                    absl::StrCat("a ", other->declaration->singular, " names it; change or delete that first"));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status WriteContext::CheckSealed(const Entry& entry, const Message* before, const Message& after) const {
  for (const SealedField& sealed : entry.declaration->sealed) {
    if (!sealed.confidential || IsReader(sealed, after, call_.caller->subject)) continue;
    const std::string was = before == nullptr ? std::string() : GetText(*before, sealed.field);
    if (GetText(after, sealed.field) != was) {
      return status::InvalidField(Field(sealed.field->name()), "is confidential: only the persons who may read it can write it");
    }
  }
  return absl::OkStatus();
}

absl::Status WriteContext::Put(const Entry& entry, std::string_view name, const StoredRecord& before, bool deleted,
                               std::string_view verb, int event_kind, Message* record) {
  const Declaration& declaration = *entry.declaration;
  const std::string_view trust = names::TrustOf(name);
  const absl::Time now = transaction_.now();
  StoredRecord after;
  after.revision = before.revision + 1;
  after.deleted = deleted;
  SetTime(record, declaration.update_time_field, now);
  if (before.revision == 0) SetTime(record, declaration.create_time_field, now);
  if (declaration.delete_time_field != nullptr) {
    if (deleted) {
      SetTime(record, declaration.delete_time_field, now);
    } else {
      record->GetReflection()->ClearField(record, declaration.delete_time_field);
    }
  }
  SetText(record, declaration.etag_field, EtagOf(after.revision, now));

  const std::string apart = TakeSealed(declaration, record);
  after.record = record->SerializeAsString();
  if (!apart.empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(after.sealed, registry_.cipher().Seal(trust, name, apart));
  }
  if (before.revision == 0) {
    FIVESTRAND_RETURN_IF_ERROR(entry.table->Insert(transaction_, name, *record, after));
  } else {
    FIVESTRAND_RETURN_IF_ERROR(entry.table->Update(transaction_, name, *record, after));
    if (declaration.keep_revisions) {
      FIVESTRAND_RETURN_IF_ERROR(
          transaction_
              .Execute("INSERT INTO record_revision (trust, path, revision, record, sealed, event_time, actor) VALUES ($1, $2, $3, "
                       "$4, $5, $6, $7)",
                       {trust, PathOf(name), before.revision, store::Param::Blob(before.record),
                        before.sealed.empty() ? store::Param(nullptr) : store::Param::Blob(before.sealed), now, actor()})
              .status());
    }
  }
  const std::string before_digest = before.revision == 0 ? std::string() : Digest(before.record, before.sealed);
  const std::string after_digest = Digest(after.record, after.sealed);
  transaction_.AppendAudit({.actor = actor(),
                            .action = verb,
                            .resource = name,
                            .trust = trust,
                            .before_digest = before_digest,
                            .after_digest = after_digest});
  transaction_.AppendEvent({.kind = event_kind,
                            .resource_type = declaration.type,
                            .resource = name,
                            .trust = trust,
                            .revision = after.revision,
                            .actor = declaration.unnamed_events ? std::string_view() : actor(),
                            .record = after.record});
  if (!apart.empty()) record->MergeFromString(apart);
  HideConfidential(declaration, call_.caller->subject, record);
  return absl::OkStatus();
}

absl::Status WriteContext::CheckRequired(const Entry& entry, const Message& record) const {
  status::FieldViolations missing;
  for (const FieldDescriptor* field : entry.declaration->required) {
    const auto* reflection = record.GetReflection();
    if (field->is_repeated() ? reflection->FieldSize(record, field) == 0 : !reflection->HasField(record, field)) {
      missing.Add(Field(field->name()), "is required");
    }
  }
  return missing.ToStatus();
}

absl::Status WriteContext::Create(std::string_view parent, std::string_view id, Message* record) {
  FIVESTRAND_ASSIGN_OR_RETURN(const Entry* entry, EntryOf(*record));
  const std::string made = id.empty() ? registry_.ids().NewId() : std::string(id);
  const std::string name = entry->declaration->pattern.ChildName(parent, made);
  SetText(record, entry->declaration->name_field, name);
  // The parent, unless it is the trust itself, is a record that must be there.
  if (!PathOf(parent).empty() && !live_.contains(std::string(parent))) {
    for (const auto& candidate : registry_.entries()) {
      if (!candidate->declaration->pattern.Matches(parent)) continue;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool live, Live(*candidate, parent));
      if (!live) return status::NotFound(candidate->declaration->type, parent);
    }
  }
  if (entry->strategy) FIVESTRAND_RETURN_IF_ERROR(entry->strategy->OnWrite(*this, nullptr, record));
  FIVESTRAND_RETURN_IF_ERROR(CheckRow(*entry, *record));
  FIVESTRAND_RETURN_IF_ERROR(CheckRequired(*entry, *record));
  FIVESTRAND_RETURN_IF_ERROR(CheckReferences(*entry, nullptr, *record));
  FIVESTRAND_RETURN_IF_ERROR(CheckSealed(*entry, nullptr, *record));
  return Put(*entry, name, {}, false, "create", events::v1::CREATED, record);
}

absl::Status WriteContext::Load(const Entry& entry, std::string_view name, Expectation expectation, Message* record,
                                StoredRecord* row) {
  FIVESTRAND_ASSIGN_OR_RETURN(bool found, entry.table->Read(transaction_, names::TrustOf(name), PathOf(name), row));
  if (!found) {
    // Whoever may see only some rows must not learn which others exist.
    if (check_rows_ && !call_.access.everything) return status::Denied(call_.method->full_name());
    return status::NotFound(entry.declaration->type, name);
  }
  if (!record->ParseFromString(row->record))
    return status::DataLoss(absl::StrCat("stored bytes of ", entry.declaration->table, " do not parse"));
  if (!row->sealed.empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(std::string apart, registry_.cipher().Open(names::TrustOf(name), name, row->sealed));
    if (!record->MergeFromString(apart))
      return status::DataLoss(absl::StrCat("sealed bytes of ", entry.declaration->table, " do not parse"));
  }
  FIVESTRAND_RETURN_IF_ERROR(CheckRow(entry, *record));
  if (!expectation.etag.empty() && expectation.etag != GetText(*record, entry.declaration->etag_field))
    return status::StaleEtag(name);
  return absl::OkStatus();
}

absl::Status WriteContext::Update(std::string_view name, Expectation expectation, std::string_view verb, Message* record,
                                  absl::FunctionRef<absl::Status()> change) {
  FIVESTRAND_ASSIGN_OR_RETURN(const Entry* entry, EntryOf(*record));
  StoredRecord row;
  FIVESTRAND_RETURN_IF_ERROR(Load(*entry, name, expectation, record, &row));
  if (row.deleted) {
    return status::Precondition(status::Reason::kResourceDeleted, "RESOURCE_DELETED", name, "it was deleted; undelete it first");
  }
  std::unique_ptr<Message> before(record->New());
  before->CopyFrom(*record);
  FIVESTRAND_RETURN_IF_ERROR(change());
  SetText(record, entry->declaration->name_field, name);
  if (entry->strategy) FIVESTRAND_RETURN_IF_ERROR(entry->strategy->OnWrite(*this, before.get(), record));
  SetText(record, entry->declaration->etag_field, GetText(*before, entry->declaration->etag_field));
  if (google::protobuf::util::MessageDifferencer::Equals(*before, *record)) {
    // The answer holds the texts all the same.
    if (entry->declaration->confidential() && !row.sealed.empty()) {
      transaction_.AppendAudit({.actor = actor(), .action = "read", .resource = name, .trust = names::TrustOf(name)});
    }
    HideConfidential(*entry->declaration, call_.caller->subject, record);
    return absl::OkStatus();
  }
  FIVESTRAND_RETURN_IF_ERROR(CheckRow(*entry, *record));
  FIVESTRAND_RETURN_IF_ERROR(CheckRequired(*entry, *record));
  FIVESTRAND_RETURN_IF_ERROR(CheckReferences(*entry, before.get(), *record));
  FIVESTRAND_RETURN_IF_ERROR(CheckSealed(*entry, before.get(), *record));
  return Put(*entry, name, row, false, verb, events::v1::UPDATED, record);
}

absl::Status WriteContext::Delete(std::string_view name, Expectation expectation, Message* record) {
  FIVESTRAND_ASSIGN_OR_RETURN(const Entry* entry, EntryOf(*record));
  StoredRecord row;
  FIVESTRAND_RETURN_IF_ERROR(Load(*entry, name, expectation, record, &row));
  if (row.deleted) {
    return status::Precondition(status::Reason::kResourceDeleted, "RESOURCE_DELETED", name, "it was deleted already");
  }
  FIVESTRAND_RETURN_IF_ERROR(CheckUnused(*entry, name));
  if (entry->strategy) FIVESTRAND_RETURN_IF_ERROR(entry->strategy->OnDelete(*this, *record));
  if (entry->declaration->delete_time_field == nullptr) {
    return status::Internal(absl::StrCat(entry->declaration->type, " cannot be deleted"));
  }
  live_.erase(std::string(name));
  return Put(*entry, name, row, true, "delete", events::v1::DELETED, record);
}

absl::Status WriteContext::Undelete(std::string_view name, Expectation expectation, Message* record) {
  FIVESTRAND_ASSIGN_OR_RETURN(const Entry* entry, EntryOf(*record));
  StoredRecord row;
  FIVESTRAND_RETURN_IF_ERROR(Load(*entry, name, expectation, record, &row));
  if (!row.deleted) return status::Precondition("NOT_DELETED", name, "it is not deleted");
  FIVESTRAND_RETURN_IF_ERROR(CheckReferences(*entry, nullptr, *record));
  return Put(*entry, name, row, false, "undelete", events::v1::UNDELETED, record);
}

}  // namespace fivestrand::resource
