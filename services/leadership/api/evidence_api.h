// EvidenceService as the gateway reaches it: what leadership measures itself, and what the other services answer for theirs.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_API_H_

#include <memory>

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::service {
class EvidenceAnswers;
}

namespace fivestrand::leadership::api {

class EvidencePeers;

// Persons and applications get the answers of all services, with the trust's own targets and bands; a service that does not answer
// in time is named in `away`. A process of the suite gets what this service measures, as the measures themselves have it. The
// registry and the peers outlive the server.
void BindEvidence(const resource::Registry& registry, std::shared_ptr<const service::EvidenceAnswers> answers,
                  std::shared_ptr<EvidencePeers> peers, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_API_H_
