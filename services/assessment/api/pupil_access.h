// What a call about a pupil needs to know of them.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_PUPIL_ACCESS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_PUPIL_ACCESS_H_

#include <string_view>

#include "absl/status/status.h"

#include "platform/rpc/call_context.h"
#include "platform/store/session.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::v1 {
class Pupil;
}

namespace fivestrand::assessment::api {

// Reads the pupil that the call is about and checks that they are within the caller's reach. PERMISSION_DENIED also when there is
// no such pupil, unless the caller may see all: then NOT_FOUND.
absl::Status ReadPupilInReach(const resource::Registry& registry, const domain::RecordSource& source,
                              fivestrand::store::Session& session, const rpc::CallContext& context, std::string_view name,
                              v1::Pupil* pupil, domain::ReachFacts* facts);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_PUPIL_ACCESS_H_
