// Bodies of WelfareService: every one of them, since who may read a sealed record stands in the record.
#ifndef FIVESTRAND_SERVICES_WELFARE_API_WELFARE_API_H_
#define FIVESTRAND_SERVICES_WELFARE_API_WELFARE_API_H_

#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "services/welfare/domain/welfare_rules.h"

namespace fivestrand::welfare::api {

// Get and List methods.
void BindMatterReads(resource::Registry& registry, const domain::Knowledge& knowledge, rpc::Server& server);
// Creation, changes, ends.
void BindMatterWrites(resource::Registry& registry, const domain::Knowledge& knowledge, rpc::Server& server);
// Who else reads, who holds, and the emergency.
void BindSeals(resource::Registry& registry, const domain::Knowledge& knowledge, rpc::Server& server);

}  // namespace fivestrand::welfare::api

#endif  // FIVESTRAND_SERVICES_WELFARE_API_WELFARE_API_H_
