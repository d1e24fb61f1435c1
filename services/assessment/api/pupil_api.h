// The methods of PupilService that are not the registry's.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_PUPIL_API_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_PUPIL_API_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "services/assessment/domain/result_book.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::assessment::api {

// Binds ReadPupilOverview and ListClassPupils. The registry outlives the server.
void BindPupils(const resource::Registry& registry, std::shared_ptr<const domain::RecordSource> source, rpc::Server& server);
// Binds MergePupils. `observer` may be null.
void BindMerge(resource::Registry& registry, std::shared_ptr<const domain::RecordSource> source,
               std::shared_ptr<const domain::ResultBook> book, std::shared_ptr<domain::ResultObserver> observer,
               rpc::Server& server);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_PUPIL_API_H_
