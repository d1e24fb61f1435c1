// Serves AuditService: who did what to which record.
#ifndef FIVESTRAND_PLATFORM_EVENTS_AUDIT_SERVICE_H_
#define FIVESTRAND_PLATFORM_EVENTS_AUDIT_SERVICE_H_

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::events {

// `registry` outlives the server.
void BindAuditService(const resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_AUDIT_SERVICE_H_
