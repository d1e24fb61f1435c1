// Serves AuditService: who did what to which record, and who read what is about oneself.
#ifndef FIVESTRAND_PLATFORM_EVENTS_AUDIT_SERVICE_H_
#define FIVESTRAND_PLATFORM_EVENTS_AUDIT_SERVICE_H_

#include "platform/events/read_trail.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::events {

// `registry` outlives the server. `trail_of` may be empty: then nobody is told who read a record.
void BindAuditService(const resource::Registry& registry, ReadTrailOf trail_of, rpc::Server& server);

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_AUDIT_SERVICE_H_
