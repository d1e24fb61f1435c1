// The figures of a survey as one caller may see them.
#ifndef FIVESTRAND_SERVICES_WELFARE_API_PULSE_RESULTS_H_
#define FIVESTRAND_SERVICES_WELFARE_API_PULSE_RESULTS_H_

#include <string>

#include "absl/status/status.h"
#include "fivestrand/welfare/v1/pulse_service.pb.h"

#include "services/welfare/api/pulse_api.h"

namespace fivestrand::welfare::api {

absl::Status ReadResults(resource::Registry& registry, const PulseParts& parts, const rpc::CallContext& context,
                         const std::string& name, v1::PulseResults* response);

}  // namespace fivestrand::welfare::api

#endif  // FIVESTRAND_SERVICES_WELFARE_API_PULSE_RESULTS_H_
