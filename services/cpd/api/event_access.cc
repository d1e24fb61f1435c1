#include "services/cpd/api/event_access.h"

#include <google/protobuf/descriptor.h>

#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::cpd::api {

absl::Status ReadReachedEvent(const resource::Registry& registry, const rpc::CallContext& context,
                              fivestrand::store::Session& session, const std::string& name, v1::CpdEvent* event) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(session, name, event));
  if (!found) return status::NotFound("fivestrand/CpdEvent", name);
  if (context.access.everything) return absl::OkStatus();
  resource::Facts facts;
  resource::FactsOf(*registry.Find(v1::CpdEvent::descriptor())->declaration, *event, context.caller->subject, &facts);
  return context.access.Includes(facts.row) ? absl::OkStatus() : status::Denied(context.method->full_name());
}

}  // namespace fivestrand::cpd::api
