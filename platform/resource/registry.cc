#include "platform/resource/registry.h"

#include <algorithm>
#include <google/protobuf/descriptor.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/record_reads.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::resource {
namespace {

// Carries the answer of a validate_only write out of the transaction that it must not commit.
constexpr char kValidatedPayload[] = "fivestrand.internal/validated";

absl::Status Validated() {
  absl::Status status = absl::CancelledError("validated");
  status.SetPayload(kValidatedPayload, absl::Cord());
  return status;
}

// A write on its way through the queue.
struct PendingWrite {
  std::shared_ptr<const rpc::CallContext> context;
  WriteSpec spec;
  WriteFunction body;
  std::string fingerprint;
  std::string reply;
  std::function<void(absl::Status, rpc::Reply)> done;

  std::string AnswerLabel() const { return absl::StrCat("idempotency/", context->caller->subject, "/", spec.request_id); }
};

// Whether the name is that of a record with texts each reading of which is written down.
bool HoldsConfidential(const Registry& registry, std::string_view name) {
  return std::any_of(registry.entries().begin(), registry.entries().end(), [&](const auto& entry) {
    return !entry->mirror && entry->declaration->confidential() && entry->declaration->pattern.Matches(name);
  });
}

}  // namespace

Registry::Registry(RegistryOptions options) : options_(std::move(options)), page_tokens_(*options_.keyring, "page-token") {}
Registry::~Registry() = default;

absl::Status Registry::Declare(const google::protobuf::Descriptor* record, std::unique_ptr<Strategy> strategy) {
  return Add(record, std::move(strategy), /*mirror=*/false);
}

absl::Status Registry::DeclareMirror(const google::protobuf::Descriptor* record) {
  return Add(record, nullptr, /*mirror=*/true);
}

absl::Status Registry::Add(const google::protobuf::Descriptor* record, std::unique_ptr<Strategy> strategy, bool mirror) {
  auto entry = std::make_unique<Entry>();
  FIVESTRAND_ASSIGN_OR_RETURN(entry->declaration, Declaration::Compile(record));
  entry->table = std::make_unique<RecordTable>(*entry->declaration);
  entry->strategy = std::move(strategy);
  entry->mirror = mirror;
  if (!by_type_.emplace(entry->declaration->type, entry.get()).second) {
    return status::Internal(absl::StrCat(entry->declaration->type, " is declared twice"));
  }
  by_descriptor_.emplace(record, entry.get());
  entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status Registry::VerifySchema(absl::Time deadline) {
  return store().Read(deadline, [this](store::Session& session) -> absl::Status {
    for (const auto& entry : entries_) FIVESTRAND_RETURN_IF_ERROR(entry->table->Verify(session));
    return absl::OkStatus();
  });
}

const Entry* Registry::Find(std::string_view type) const {
  auto found = by_type_.find(std::string(type));
  return found == by_type_.end() ? nullptr : found->second;
}

const Entry* Registry::Find(const google::protobuf::Descriptor* record) const {
  auto found = by_descriptor_.find(record);
  return found == by_descriptor_.end() ? nullptr : found->second;
}

void Registry::RecordRead(std::shared_ptr<const rpc::CallContext> context, std::function<void(absl::Status)> done) {
  std::vector<std::string> names = {std::string(context->scope)};
  RecordReads(store(), std::move(context), std::move(names), std::move(done));
}

absl::StatusOr<bool> Registry::Read(store::Session& session, std::string_view name, google::protobuf::Message* record) const {
  const Entry* entry = Find(record->GetDescriptor());
  if (entry == nullptr) return status::Internal(absl::StrCat(record->GetDescriptor()->full_name(), " is not declared"));
  StoredRecord row;
  FIVESTRAND_ASSIGN_OR_RETURN(bool found, entry->table->Read(session, names::TrustOf(name), PathOf(name), &row));
  if (!found || row.deleted) return false;
  if (!record->ParseFromString(row.record))
    return status::DataLoss(absl::StrCat("stored bytes of ", entry->declaration->table, " do not parse"));
  return true;
}

absl::Status Registry::Scan(store::Session& session, const google::protobuf::Descriptor* record, std::string_view where,
                            store::Params params, google::protobuf::Message* scratch,
                            absl::FunctionRef<absl::Status()> each) const {
  const Entry* entry = Find(record);
  if (entry == nullptr) return status::Internal(absl::StrCat(record->full_name(), " is not declared"));
  return session.Query(
      absl::StrCat("SELECT record FROM ", entry->declaration->table, " WHERE delete_time IS NULL AND ", AbslView(where)), params,
      [&](const store::Row& row) -> absl::Status {
        const std::string_view bytes = row.Blob(0);
        if (!scratch->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
          return status::DataLoss(absl::StrCat("stored bytes of ", entry->declaration->table, " do not parse"));
        }
        return each();
      });
}

void Registry::RunWrite(std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& request, WriteSpec spec,
                        WriteFunction body, std::function<void(absl::Status, rpc::Reply)> done) {
  if (!spec.request_id.empty() && !names::ValidUuid(spec.request_id)) {
    return done(status::InvalidField("request_id", "must be a UUID"), {});
  }
  if (spec.seal_answer) {
    // Within the transaction a missing key could not be made: that is a write of its own.
    if (absl::Status ready = cipher().Prepare(context->trust); !ready.ok()) return done(std::move(ready), {});
  }
  auto pending = std::make_shared<PendingWrite>();
  if (!spec.request_id.empty()) pending->fingerprint = Digest(context->method->full_name(), request.SerializeAsString());
  pending->context = std::move(context);
  pending->spec = std::move(spec);
  pending->body = std::move(body);
  pending->done = std::move(done);

  store::WriteRequest write;
  write.deadline = pending->context->deadline;
  write.body = [this, pending](store::WriteTransaction& transaction) -> absl::Status {
    pending->reply.clear();
    const WriteSpec& spec = pending->spec;
    const std::string& actor = pending->context->caller->subject;
    const bool repeatable = !spec.request_id.empty() && !spec.validate_only;
    if (repeatable) {
      bool reused = false;
      std::string sealed;
      FIVESTRAND_ASSIGN_OR_RETURN(
          bool known,
          transaction.QueryOne(
              "SELECT fingerprint, record, sealed FROM idempotency WHERE actor = $1 AND request_id = $2 AND expire_time > $3",
              {actor, spec.request_id, transaction.now()}, [&](const store::Row& row) {
                reused = row.Blob(0) != pending->fingerprint;
                pending->reply.assign(row.Blob(1));
                sealed.assign(row.Blob(2));
                return absl::OkStatus();
              }));
      if (reused) return status::Invalid(status::Reason::kRequestIdReused, "request_id", "was used before with other content");
      if (known) {
        if (sealed.empty()) return absl::OkStatus();
        FIVESTRAND_ASSIGN_OR_RETURN(pending->reply, cipher().Open(pending->context->trust, pending->AnswerLabel(), sealed));
        return absl::OkStatus();
      }
    }
    WriteContext context(*this, *pending->context, transaction);
    FIVESTRAND_RETURN_IF_ERROR(pending->body(context, &pending->reply));
    if (spec.validate_only || context.discarded()) return Validated();
    if (!repeatable) return absl::OkStatus();
    std::string sealed;
    if (spec.seal_answer) {
      FIVESTRAND_ASSIGN_OR_RETURN(sealed, cipher().Seal(pending->context->trust, pending->AnswerLabel(), pending->reply));
    }
    const absl::Time expires = transaction.now() + options_.idempotency_window;
    // An expired row of the same id may still lie there.
    FIVESTRAND_RETURN_IF_ERROR(
        transaction
            .Execute(
                "INSERT INTO idempotency (actor, request_id, fingerprint, resource_type, resource, record, sealed, expire_time) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (actor, request_id) DO UPDATE SET "
                "fingerprint = excluded.fingerprint, record = excluded.record, sealed = excluded.sealed, expire_time = "
                "excluded.expire_time",
                {actor, spec.request_id, store::Param::Blob(pending->fingerprint), spec.resource_type, pending->context->scope,
                 store::Param::Blob(sealed.empty() ? std::string_view(pending->reply) : std::string_view()),
                 sealed.empty() ? store::Param(nullptr) : store::Param::Blob(sealed), expires})
            .status());
    return absl::OkStatus();
  };
  write.done = [this, pending](absl::Status status) {
    auto give = [pending](absl::Status status) {
      rpc::Reply reply;
      if (status.ok()) reply.SetBytes(std::move(pending->reply));
      pending->done(std::move(status), std::move(reply));
    };
    if (!status.GetPayload(kValidatedPayload).has_value()) return give(std::move(status));
    // What the write left in the trail is gone with it, and yet the caller is answered with the record that it was about.
    if (!HoldsConfidential(*this, pending->context->scope)) return give(absl::OkStatus());
    RecordRead(pending->context, give);
  };
  store().WriteAsync(std::move(write));
}

}  // namespace fivestrand::resource
