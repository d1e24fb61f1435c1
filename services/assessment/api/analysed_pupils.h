// The pupils behind a cell.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSED_PUPILS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSED_PUPILS_H_

#include "absl/status/status.h"
#include "fivestrand/assessment/v1/analysis.pb.h"

#include "platform/rpc/call_context.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::domain {
class FrameSource;
}

namespace fivestrand::assessment::api {

// The body of ListAnalysedPupils; the parent is checked.
absl::Status ListAnalysedPupils(const resource::Registry& registry, domain::FrameSource& source, const rpc::CallContext& context,
                                const v1::ListAnalysedPupilsRequest& request, v1::ListAnalysedPupilsResponse* response);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSED_PUPILS_H_
