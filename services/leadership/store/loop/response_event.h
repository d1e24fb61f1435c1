// What a record of some service says about the improvement thread that it answers, read by its contract: any message whose record
// option has a response can answer one, whatever service it is of.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_RESPONSE_EVENT_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_RESPONSE_EVENT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

namespace google::protobuf {
class Descriptor;
}

namespace fivestrand::leadership::store {

// Null when the service has no such record, its contract is not linked, or it cannot answer a thread.
const google::protobuf::Descriptor* ResponseType(std::string_view service, std::string_view resource_type);

// Resource types of a service that can answer a thread: those of the linked contracts.
std::vector<std::string> ResponseTypes(std::string_view service);

struct DecodedResponse {
  // Empty: it answers none.
  std::string thread;
  // As it is to be kept: of a confidential one the label `Support in place` and its dates, and nothing else.
  v1::ThreadResponse response;
  // Who wrote it; empty for a confidential one.
  std::string contributor;
  bool confidential = false;
};

// DATA_LOSS when the record's bytes do not parse. A deleted record is withdrawn. What is planned has no start and is not done.
absl::StatusOr<DecodedResponse> DecodeResponse(const google::protobuf::Descriptor* type, const events::v1::Event& event);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_RESPONSE_EVENT_H_
