#include "platform/events/audit_service.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fivestrand/audit/v1/audit.pb.h"

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

absl::Status List(const resource::Registry& registry, const rpc::CallContext& context, const ListAuditEntriesRequest& request,
                  ListAuditEntriesResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  const std::string binding = absl::StrCat("audit/", request.parent(), "/", request.resource(), "#");
  std::int64_t below = INT64_MAX;
  if (!request.page_token().empty()) {
    std::optional<std::string> opened = registry.page_tokens().Open(request.page_token());
    absl::string_view number = opened ? absl::string_view(*opened) : absl::string_view();
    if (!absl::ConsumePrefix(&number, binding) || !absl::SimpleAtoi(number, &below)) {
      return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
    }
  }
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
          const absl::Time time = row.Time(1);
          entry->mutable_event_time()->set_seconds(absl::ToUnixSeconds(time));
          entry->mutable_event_time()->set_nanos(static_cast<std::int32_t>((absl::ToUnixMicros(time) % 1000000) * 1000));
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

}  // namespace

void BindAuditService(const resource::Registry& registry, rpc::Server& server) {
  server.Handle<ListAuditEntriesRequest, ListAuditEntriesResponse>(
      rpc::FindMethod("fivestrand.audit.v1.AuditService.ListAuditEntries"), rpc::Runs::kPool,
      [&registry](const rpc::CallContext& context, const ListAuditEntriesRequest& request, ListAuditEntriesResponse* response) {
        return List(registry, context, request, response);
      });
}

}  // namespace fivestrand::events
