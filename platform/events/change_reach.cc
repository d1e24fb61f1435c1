#include "platform/events/change_reach.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/options/v1/options.pb.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/resource/standard_methods.h"
#include "platform/rpc/server.h"
#include "platform/status/views.h"

namespace fivestrand::events {

void ChangeReach::Learn(const rpc::Server& server) {
  for (const auto* service : server.services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      absl::StatusOr<resource::StandardMethod> standard = resource::Recognise(registry_, service->method(i));
      if (!standard.ok()) continue;
      const std::string& type = standard->entry->declaration->type;
      const std::string& permission = service->method(i)->options().GetExtension(options::v1::policy).permission();
      if (standard->verb == resource::Verb::kList) list_permissions_[type] = permission;
      // A record of which there is one, such as the model of a trust, has no list but of its states.
      if (standard->verb == resource::Verb::kListRevisions) list_permissions_.try_emplace(type, permission);
    }
  }
}

bool ChangeReach::MayList(FeedStream& stream, const v1::Event& event) const {
  auto permission = list_permissions_.find(event.resource_type());
  if (permission == list_permissions_.end()) return false;
  const std::string key = absl::StrCat(event.resource_type(), " ", AbslView(names::SchoolOf(event.resource())));
  auto [found, fresh] = stream.access.try_emplace(key);
  if (fresh) {
    found->second = registry_.access().DecideFor(*stream.context->caller, permission->second, event.resource(), absl::Now());
  }
  if (!found->second.allowed) return false;
  const resource::Entry* entry = registry_.Find(event.resource_type());
  if (entry == nullptr) return false;
  if (found->second.everything && entry->declaration->restricted_field == nullptr) return true;
  std::unique_ptr<google::protobuf::Message> record(resource::NewRecord(*entry->declaration, nullptr));
  if (!record->ParseFromString(event.record())) return false;
  resource::Facts facts;
  resource::FactsOf(*entry->declaration, *record, stream.context->caller->subject, &facts);
  return found->second.Includes(facts.row);
}

}  // namespace fivestrand::events
