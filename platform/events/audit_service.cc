#include "platform/events/audit_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fivestrand/audit/v1/audit.pb.h"

#include "platform/calendar/timestamp.h"
#include "platform/resource/list_query.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::events {
namespace {

using audit::v1::AuditEntry;
using audit::v1::ListAuditEntriesRequest;
using audit::v1::ListAuditEntriesResponse;
using audit::v1::ListRecordReadsRequest;
using audit::v1::ListRecordReadsResponse;
using audit::v1::RecordRead;

// Sequence below which a page begins. The token must have been made for the same request, which `binding` says.
absl::StatusOr<std::int64_t> Below(const resource::Registry& registry, const std::string& token, const std::string& binding) {
  std::int64_t below = INT64_MAX;
  if (token.empty()) return below;
  std::optional<std::string> opened = registry.page_tokens().Open(token);
  absl::string_view number = opened ? absl::string_view(*opened) : absl::string_view();
  if (!absl::ConsumePrefix(&number, binding) || !absl::SimpleAtoi(number, &below)) {
    return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
  }
  return below;
}

absl::Status List(const resource::Registry& registry, const rpc::CallContext& context, const ListAuditEntriesRequest& request,
                  ListAuditEntriesResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  const std::string binding = absl::StrCat("audit/", request.parent(), "/", request.resource(), "#");
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t below, Below(registry, request.page_token(), binding));
  return registry.store().Read(
      context.deadline,
      [&](store::Session& session) -> absl::Status {
        const std::string_view columns =
            "SELECT sequence, event_time, actor, action, resource, before_digest, after_digest FROM audit WHERE trust = $1 AND "
            "sequence < $2";
        auto each = [&](const store::Row& row) -> absl::Status {
          if (response->audit_entries_size() == page_size) {
            const std::int64_t last = response->audit_entries(page_size - 1).sequence();
            response->set_next_page_token(registry.page_tokens().Seal(absl::StrCat(binding, last)));
            return absl::OkStatus();
          }
          AuditEntry* entry = response->add_audit_entries();
          entry->set_sequence(row.Int(0));
          *entry->mutable_event_time() = calendar::ToTimestamp(row.Time(1));
          entry->set_actor(std::string(row.Text(2)));
          entry->set_action(std::string(row.Text(3)));
          entry->set_resource(std::string(row.Text(4)));
          entry->set_before_digest(absl::BytesToHexString(AbslView(row.Blob(5))));
          entry->set_after_digest(absl::BytesToHexString(AbslView(row.Blob(6))));
          return absl::OkStatus();
        };
        if (request.resource().empty()) {
          return session.Query(absl::StrCat(AbslView(columns), " ORDER BY sequence DESC LIMIT $3"),
                               {context.trust, below, page_size + 1}, each);
        }
        return session.Query(absl::StrCat(AbslView(columns), " AND resource = $4 ORDER BY sequence DESC LIMIT $3"),
                             {context.trust, below, page_size + 1, request.resource()}, each);
      },
      store::ReadMode::kStatement);
}

RecordRead::Kind KindOf(std::string_view action) {
  if (action == "read") return RecordRead::READ;
  return action == "breakGlass" ? RecordRead::EMERGENCY : RecordRead::CHANGE;
}

bool MayName(const ReadTrail& trail, std::string_view reader, absl::Time time, RecordRead::Kind kind) {
  if (!trail.named || kind == RecordRead::EMERGENCY) return true;
  return std::any_of(trail.named->begin(), trail.named->end(),
                     [&](const NamedReader& named) { return named.person == reader && time >= named.since; });
}

absl::Status ListReads(const resource::Registry& registry, const ReadTrailOf& trail_of, const rpc::CallContext& context,
                       const ListRecordReadsRequest& request, ListRecordReadsResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  const std::string& person = context.caller->subject;
  const std::string binding = absl::StrCat("reads/", person, "/", request.name(), "#");
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t below, Below(registry, request.page_token(), binding));
  // Both halves are read along an index and no further than the page.
  constexpr absl::string_view kColumns =
      "SELECT sequence, event_time, actor, action FROM audit WHERE trust = $1 AND sequence < $2 AND ";
  constexpr absl::string_view kEnd = "actor <> $4 ORDER BY sequence DESC LIMIT $5";
  return registry.store().Read(context.deadline, [&](store::Session& session) -> absl::Status {
    response->Clear();
    if (!trail_of) return status::NotFound("fivestrand/Record", request.name());
    FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<ReadTrail> trail, trail_of(registry, session, request.name(), person));
    if (!trail) return status::NotFound("fivestrand/Record", request.name());
    std::int64_t last = 0;
    const auto each = [&](const store::Row& row) -> absl::Status {
      if (response->record_reads_size() == page_size) {
        response->set_next_page_token(registry.page_tokens().Seal(absl::StrCat(binding, last)));
        return absl::OkStatus();
      }
      last = row.Int(0);
      RecordRead* read = response->add_record_reads();
      read->set_kind(KindOf(row.Text(3)));
      *read->mutable_read_time() = calendar::ToTimestamp(row.Time(1));
      if (MayName(*trail, row.Text(2), row.Time(1), read->kind())) read->set_reader(std::string(row.Text(2)));
      return absl::OkStatus();
    };
    if (trail->with.empty()) {
      return session.Query(absl::StrCat(kColumns, "resource = $3 AND ", kEnd),
                           {context.trust, below, request.name(), person, page_size + 1}, each);
    }
    return session.Query(
        absl::StrCat("SELECT * FROM (SELECT * FROM (", kColumns, "resource = $3 AND ", kEnd, ") AS own UNION ALL SELECT * FROM (",
                     kColumns, "resource = $6 AND action = 'read' AND event_time >= $7 AND ", kEnd,
                     ") AS shared) AS reads ORDER BY sequence DESC LIMIT $5"),
        {context.trust, below, request.name(), person, page_size + 1, trail->with, trail->since}, each);
  });
}

}  // namespace

void BindAuditService(const resource::Registry& registry, ReadTrailOf trail_of, rpc::Server& server) {
  server.Handle<ListRecordReadsRequest, ListRecordReadsResponse>(
      rpc::FindMethod("fivestrand.audit.v1.AuditService.ListRecordReads"), rpc::Runs::kPool,
      [&registry, trail_of = std::move(trail_of)](const rpc::CallContext& context, const ListRecordReadsRequest& request,
                                                  ListRecordReadsResponse* response) {
        return ListReads(registry, trail_of, context, request, response);
      });
  server.Handle<ListAuditEntriesRequest, ListAuditEntriesResponse>(
      rpc::FindMethod("fivestrand.audit.v1.AuditService.ListAuditEntries"), rpc::Runs::kPool,
      [&registry](const rpc::CallContext& context, const ListAuditEntriesRequest& request, ListAuditEntriesResponse* response) {
        return List(registry, context, request, response);
      });
}

}  // namespace fivestrand::events
