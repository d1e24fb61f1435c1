// The verbs of concerns, and EvaluateRules.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_CONCERN_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_CONCERN_API_H_

#include <memory>

namespace fivestrand::leadership::domain {
class LoopSource;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::leadership::api {

// `registry` outlives the server.
void BindConcerns(resource::Registry& registry, std::shared_ptr<const domain::LoopSource> source, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_CONCERN_API_H_
