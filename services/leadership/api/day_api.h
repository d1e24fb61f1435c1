// VisibilityService.ReadDay and ReadCoverage. The rest of the service is the registry's and verbs_api's.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_DAY_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_DAY_API_H_

#include <memory>

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::leadership::domain {
class VisibilitySource;
}

namespace fivestrand::leadership::api {

void BindDay(std::shared_ptr<domain::VisibilitySource> source, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_DAY_API_H_
