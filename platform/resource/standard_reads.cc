#include <google/protobuf/descriptor.h>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "platform/crypto/sealed_text.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/list_query.h"
#include "platform/resource/standard_methods.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::resource {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string TextField(const Message& request, const char* name) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? std::string() : GetText(request, field);
}

absl::Status DamagedBytes(const Declaration& declaration) {
  return status::DataLoss(absl::StrCat("stored bytes of ", declaration.table, " do not parse"));
}

// The caller sees only some rows, so a missing one and a hidden one must look alike.
absl::Status Missing(const Entry& entry, const rpc::CallContext& context, std::string_view name) {
  if (context.access.everything) return status::NotFound(entry.declaration->type, name);
  return status::Denied(context.method->full_name());
}

absl::Status CheckRow(const Entry& entry, const rpc::CallContext& context, const Message& record) {
  if (context.access.everything && entry.declaration->restricted_field == nullptr) return absl::OkStatus();
  Facts facts;
  FactsOf(*entry.declaration, record, context.caller->subject, &facts);
  if (context.access.Includes(facts.row)) return absl::OkStatus();
  return Missing(entry, context, GetText(record, entry.declaration->name_field));
}

// Reads one record and takes out what the caller may not read. `opened`: whether confidential text was decrypted for the caller.
absl::Status Get(const Registry& registry, const Entry& entry, const rpc::CallContext& context, const std::string& name,
                 bool* opened, std::string* bytes) {
  const Redaction redaction(registry, entry, context);
  const bool as_they_lie = context.access.everything && !redaction.needed() && entry.declaration->sealed.empty() &&
                           entry.declaration->restricted_field == nullptr;
  StoredRecord row;
  FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(
      context.deadline,
      [&](store::Session& session) -> absl::Status {
        const std::string_view trust = names::TrustOf(name), path = PathOf(name);
        FIVESTRAND_ASSIGN_OR_RETURN(bool found, as_they_lie ? entry.table->ReadBytes(session, trust, path, &row.record)
                                                            : entry.table->Read(session, trust, path, &row));
        return found ? absl::OkStatus() : Missing(entry, context, name);
      },
      store::ReadMode::kStatement));
  if (as_they_lie) {
    *bytes = std::move(row.record);
    return absl::OkStatus();
  }
  google::protobuf::Arena arena;
  Message* record = NewRecord(*entry.declaration, &arena);
  if (!record->ParseFromString(row.record)) return DamagedBytes(*entry.declaration);
  FIVESTRAND_RETURN_IF_ERROR(CheckRow(entry, context, *record));
  if (!row.sealed.empty()) {
    bool wanted = false;
    for (const SealedField& sealed : entry.declaration->sealed)
      wanted |= !sealed.confidential || IsReader(sealed, *record, context.caller->subject);
    if (wanted) {
      FIVESTRAND_ASSIGN_OR_RETURN(std::string apart, registry.cipher().Open(names::TrustOf(name), name, row.sealed));
      if (!record->MergeFromString(apart)) return DamagedBytes(*entry.declaration);
      for (const SealedField& sealed : entry.declaration->sealed) {
        if (!sealed.confidential) continue;
        if (IsReader(sealed, *record, context.caller->subject)) {
          *opened |= !GetText(*record, sealed.field).empty();
        } else {
          record->GetReflection()->ClearField(record, sealed.field);
        }
      }
    }
  }
  redaction.Apply(record);
  *bytes = record->SerializeAsString();
  return absl::OkStatus();
}

// A page of records, sealed fields left out.
absl::Status List(const Registry& registry, const StandardMethod& standard, const rpc::CallContext& context, const Message& request,
                  std::string* reply) {
  const Entry& entry = *standard.entry;
  ListRequest list{.parent = TextField(request, "parent"),
                   .page_token = TextField(request, "page_token"),
                   .filter = TextField(request, "filter"),
                   .order_by = TextField(request, "order_by")};
  const auto* descriptor = request.GetDescriptor();
  list.page_size = request.GetReflection()->GetInt32(request, descriptor->FindFieldByName("page_size"));
  if (const auto* field = descriptor->FindFieldByName("show_deleted"))
    list.show_deleted = request.GetReflection()->GetBool(request, field);
  const Redaction redaction(registry, entry, context);
  FIVESTRAND_ASSIGN_OR_RETURN(
      ListQuery query, ListQuery::Build(*entry.declaration, context, list, redaction.HiddenColumns(), registry.page_tokens()));
  google::protobuf::Arena arena;
  Message* scratch = redaction.needed() ? NewRecord(*entry.declaration, &arena) : nullptr;
  const int number = standard.record_field->number();
  std::string token;
  int count = 0;
  const std::vector<store::Param> params = query.params();
  FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(
      context.deadline,
      [&](store::Session& session) -> absl::Status {
        // The token names the last row of the page, so it is made only once a row beyond it was seen.
        std::string candidate;
        return session.Query(query.sql(), params, [&](const store::Row& row) -> absl::Status {
          if (count == query.page_size()) {
            token = std::move(candidate);
            return absl::OkStatus();
          }
          if (scratch == nullptr) {
            AppendField(reply, number, row.Blob(0));
          } else {
            if (!scratch->ParseFromArray(row.Blob(0).data(), static_cast<int>(row.Blob(0).size())))
              return DamagedBytes(*entry.declaration);
            redaction.Apply(scratch);
            AppendField(reply, number, scratch->SerializeAsString());
          }
          if (++count == query.page_size()) candidate = query.NextToken(row, registry.page_tokens());
          return absl::OkStatus();
        });
      },
      store::ReadMode::kStatement));
  if (!token.empty()) AppendField(reply, 2, token);
  return absl::OkStatus();
}

// The states of a record, newest first, sealed fields left out.
absl::Status ListRevisions(const Registry& registry, const StandardMethod& standard, const rpc::CallContext& context,
                           const Message& request, std::string* reply) {
  const Entry& entry = *standard.entry;
  const std::string name = TextField(request, "name");
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, PageSize(request.GetReflection()->GetInt32(
                                                       request, request.GetDescriptor()->FindFieldByName("page_size"))));
  const std::string purpose = absl::StrCat("revisions/", name);
  std::int64_t below = INT64_MAX;
  if (const std::string token = TextField(request, "page_token"); !token.empty()) {
    std::optional<std::string> opened = registry.page_tokens().Open(token);
    absl::string_view number = opened ? absl::string_view(*opened) : absl::string_view();
    if (!absl::ConsumePrefix(&number, purpose) || !absl::ConsumePrefix(&number, "#") || !absl::SimpleAtoi(number, &below)) {
      return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
    }
  }
  const Redaction redaction(registry, entry, context);
  google::protobuf::Arena arena;
  Message* record = NewRecord(*entry.declaration, &arena);
  std::string token;
  FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(context.deadline, [&](store::Session& session) -> absl::Status {
    StoredRecord row;
    FIVESTRAND_ASSIGN_OR_RETURN(bool found, entry.table->Read(session, names::TrustOf(name), PathOf(name), &row));
    if (!found) return Missing(entry, context, name);
    if (!record->ParseFromString(row.record)) return DamagedBytes(*entry.declaration);
    FIVESTRAND_RETURN_IF_ERROR(CheckRow(entry, context, *record));
    int count = 0;
    std::int64_t last = 0;
    auto append = [&](std::string_view bytes, std::int64_t revision) -> absl::Status {
      if (!record->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return DamagedBytes(*entry.declaration);
      redaction.Apply(record);
      AppendField(reply, standard.record_field->number(), record->SerializeAsString());
      ++count;
      last = revision;
      return absl::OkStatus();
    };
    if (row.revision < below) FIVESTRAND_RETURN_IF_ERROR(append(row.record, row.revision));
    FIVESTRAND_RETURN_IF_ERROR(session.Query(
        "SELECT revision, record FROM record_revision WHERE trust = $1 AND path = $2 AND revision < $3 ORDER BY revision DESC "
        "LIMIT $4",
        {names::TrustOf(name), PathOf(name), below, page_size - count + 1}, [&](const store::Row& revision) -> absl::Status {
          if (count == page_size) {
            token = registry.page_tokens().Seal(absl::StrCat(purpose, "#", last));
            return absl::OkStatus();
          }
          return append(revision.Blob(1), revision.Int(0));
        }));
    return absl::OkStatus();
  }));
  if (!token.empty()) AppendField(reply, 2, token);
  return absl::OkStatus();
}

}  // namespace

void BindRead(Registry& registry, rpc::Server& server, const StandardMethod& standard) {
  const Entry* entry = standard.entry;
  if (standard.verb == Verb::kGet) {
    if (entry->declaration->sealed.empty()) {
      server.Unary(standard.method, rpc::Runs::kInline,
                   [&registry, entry](const rpc::CallContext& context, const Message& request, rpc::Reply* reply) -> absl::Status {
                     std::string bytes;
                     bool opened = false;
                     FIVESTRAND_RETURN_IF_ERROR(Get(registry, *entry, context, std::string(context.scope), &opened, &bytes));
                     reply->SetBytes(std::move(bytes));
                     return absl::OkStatus();
                   });
      return;
    }
    // Keys may have to be loaded, and a read of what is confidential is answered only once the trail has it.
    server.AsyncUnary(standard.method, rpc::Runs::kPool,
                      [&registry, entry](std::shared_ptr<const rpc::CallContext> context, const Message& request,
                                         std::function<void(absl::Status, rpc::Reply)> done) {
                        auto reply = std::make_shared<rpc::Reply>();
                        std::string bytes;
                        bool opened = false;
                        absl::Status status = Get(registry, *entry, *context, std::string(context->scope), &opened, &bytes);
                        if (!status.ok()) return done(std::move(status), {});
                        reply->SetBytes(std::move(bytes));
                        if (!opened) return done(absl::OkStatus(), std::move(*reply));
                        registry.RecordRead(std::move(context), [reply, done = std::move(done)](absl::Status written) {
                          done(std::move(written), std::move(*reply));
                        });
                      });
    return;
  }
  server.Unary(standard.method, rpc::Runs::kInline,
               [&registry, standard](const rpc::CallContext& context, const Message& request, rpc::Reply* reply) -> absl::Status {
                 std::string bytes;
                 FIVESTRAND_RETURN_IF_ERROR(standard.verb == Verb::kList
                                                ? List(registry, standard, context, request, &bytes)
                                                : ListRevisions(registry, standard, context, request, &bytes));
                 reply->SetBytes(std::move(bytes));
                 return absl::OkStatus();
               });
}

}  // namespace fivestrand::resource
