// The stream of ImportService, and how far it is.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_API_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_API_H_

#include <memory>

#include "services/assessment/domain/result_book.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::assessment::api {

// Binds ImportAssessment and ReadImportProgress. The registry outlives the server; `observer` may be null.
void BindImports(resource::Registry& registry, std::shared_ptr<const domain::RecordSource> source,
                 std::shared_ptr<const domain::ResultBook> book, std::shared_ptr<domain::ResultObserver> observer,
                 rpc::Server& server);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_IMPORT_API_H_
