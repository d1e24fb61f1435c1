// EvidenceService for the elements 1.2 and 1.3.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_API_H_

#include <memory>

namespace fivestrand::identity {
class AccessTable;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::leadership::domain {
class VisibilitySource;
}

namespace fivestrand::leadership::api {

// `access` outlives the server.
void BindEvidence(const identity::AccessTable& access, std::shared_ptr<domain::VisibilitySource> source, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_API_H_
