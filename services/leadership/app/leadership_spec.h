// What makes a record service the leadership service.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_SPEC_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_SPEC_H_

#include <memory>

#include "platform/service/record_service.h"

namespace fivestrand::leadership::api {
class EvidencePeers;
}

namespace fivestrand::leadership {

// `peers` are asked for the elements that other services own; null: over the connections that the program gives.
service::RecordServiceSpec LeadershipSpec(std::shared_ptr<api::EvidencePeers> peers = nullptr);

}  // namespace fivestrand::leadership

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_APP_LEADERSHIP_SPEC_H_
