// GetScoreboard of ImprovementService.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_SCOREBOARD_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_SCOREBOARD_API_H_

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/status.h"

#include "services/leadership/domain/model/scoreboard.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
struct CallContext;
class Server;
}  // namespace fivestrand::rpc

namespace fivestrand::service {
class EvidenceAnswers;
}

namespace fivestrand::store {
class Session;
}

namespace fivestrand::leadership::api {

class EvidencePeers;

// Adds the open concerns of a trust (`trusts/t`) that the caller may see, by scope (the school's resource name, or the trust's) and
// element.
using CountOpenConcerns = std::function<absl::Status(store::Session& session, const rpc::CallContext& context,
                                                     std::string_view trust, domain::ConcernCounts* counts)>;

// `parent` is also `trusts/{trust}/schools/-`: the schools within the caller's reach, and no column for the trust. The registry
// outlives the server; `count` may be null.
void BindScoreboard(const resource::Registry& registry, std::shared_ptr<const service::EvidenceAnswers> answers,
                    std::shared_ptr<EvidencePeers> peers, CountOpenConcerns count, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_SCOREBOARD_API_H_
