// Improvement threads: opening, joining, the timeline, closing and reopening; and pace.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_THREAD_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_THREAD_API_H_

#include <memory>

#include "services/leadership/api/comparison.h"

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

// `registry`, and what `assessment` answers from, outlive the server.
void BindThreads(resource::Registry& registry, std::shared_ptr<const domain::LoopSource> source, AssessmentClient assessment,
                 rpc::Server& server);
void BindPace(const resource::Registry& registry, std::shared_ptr<const domain::LoopSource> source, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_THREAD_API_H_
