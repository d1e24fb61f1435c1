// ResultService.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_RESULT_API_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_RESULT_API_H_

#include <memory>

#include "services/assessment/store/result_observer.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::assessment::api {

// Binds ReadGrid, BulkUpsertResults and ListPupilResults. The registry outlives the server; `observer` may be null.
void BindResults(resource::Registry& registry, std::shared_ptr<store::ResultObserver> observer, rpc::Server& server);
void BindPupilResults(const resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_RESULT_API_H_
