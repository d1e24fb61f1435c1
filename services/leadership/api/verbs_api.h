// The verbs beside the standard methods: CompleteVisit, CancelVisit, ConfirmRoleGrant.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_VERBS_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_VERBS_API_H_

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::leadership::api {

// `registry` outlives the server.
void BindVerbs(resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_VERBS_API_H_
