// IdentityService: people, their main posts and the grants that count now, for the gateway.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_IDENTITY_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_IDENTITY_API_H_

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::leadership::api {

// `registry` outlives the server.
void BindIdentity(const resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_IDENTITY_API_H_
