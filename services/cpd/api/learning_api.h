// The verbs and reads of LearningService that are no standard methods.
#ifndef FIVESTRAND_SERVICES_CPD_API_LEARNING_API_H_
#define FIVESTRAND_SERVICES_CPD_API_LEARNING_API_H_

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
void BindLearningVerbs(std::shared_ptr<const domain::CpdRows> rows, std::shared_ptr<const domain::LearningReads> reads,
                       resource::Registry& registry, rpc::Server& server);
void BindLearningReads(std::shared_ptr<const domain::LearningReads> reads, resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::cpd::api

#endif  // FIVESTRAND_SERVICES_CPD_API_LEARNING_API_H_
