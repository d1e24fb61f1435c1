// The verbs of CoachingService, and its reads that open sealed texts.
#ifndef FIVESTRAND_SERVICES_CPD_API_COACHING_API_H_
#define FIVESTRAND_SERVICES_CPD_API_COACHING_API_H_

#include <memory>

#include "services/cpd/domain/cpd_reads.h"
#include "services/cpd/domain/cpd_rows.h"

namespace fivestrand::resource {
class Registry;
}
namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::cpd::api {

// `registry` outlives the server.
void BindCoaching(std::shared_ptr<const domain::CpdRows> rows, std::shared_ptr<const domain::CoachingReads> reads,
                  resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::cpd::api

#endif  // FIVESTRAND_SERVICES_CPD_API_COACHING_API_H_
