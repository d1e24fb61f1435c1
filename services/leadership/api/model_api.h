// The model methods of ImprovementService that are not standard.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_MODEL_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_MODEL_API_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "fivestrand/leadership/v1/model.pb.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::store {
class Session;
}

namespace fivestrand::leadership::api {

// The model of a trust, given as `trusts/t`; the default when it has written none.
absl::StatusOr<v1::ImprovementModel> ReadModel(const resource::Registry& registry, store::Session& session, std::string_view trust);

// GetImprovementModel and UpdateImprovementModel. The registry outlives the server.
void BindModel(resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_MODEL_API_H_
