#include "gateway/src/edge/method_table.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "gateway/src/transcode/rest_table.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::edge {

std::vector<std::string> LeadershipServices() {
  return {"fivestrand.leadership.v1.OrganisationService",
          "fivestrand.leadership.v1.PeopleService",
          "fivestrand.leadership.v1.CalendarService",
          "fivestrand.leadership.v1.VisibilityService",
          "fivestrand.evidence.v1.EvidenceService",
          "fivestrand.events.v1.ChangeService",
          "fivestrand.audit.v1.AuditService"};
}

absl::StatusOr<MethodTable> MethodTable::Build(const google::protobuf::DescriptorPool& pool,
                                               const std::vector<Upstreams>& upstreams) {
  MethodTable table;
  for (const Upstreams& one : upstreams) {
    for (const std::string& name : one.services) {
      const auto* service = pool.FindServiceByName(name);
      if (service == nullptr) return absl::NotFoundError(absl::StrCat("the service ", name, " is not linked into this program"));
      table.services_.push_back(service);
      for (int i = 0; i < service->method_count(); ++i) {
        const auto* descriptor = service->method(i);
        if (!transcode::ServedAtEdge(descriptor) || descriptor->client_streaming()) continue;
        Method method{absl::StrCat("/", name, "/", descriptor->name()), descriptor, one.upstream};
        if (!table.methods_.emplace(method.path, method).second)
          return absl::AlreadyExistsError(absl::StrCat("two upstreams serve ", name));
      }
    }
  }
  return table;
}

const Method* MethodTable::Find(std::string_view path) const {
  const auto found = methods_.find(AbslView(path));
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace fivestrand::gateway::edge
