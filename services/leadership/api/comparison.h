// What moved for the pupils of a concern beside similar pupils who were not part of it: asked of the assessment service.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_COMPARISON_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_COMPARISON_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

namespace fivestrand::rpc {
class Client;
struct CallContext;
}  // namespace fivestrand::rpc

namespace fivestrand::leadership::api {

// One effect on pupils' results, with the windows between which it is judged.
struct Comparable {
  int effect = 0;     // index in the timeline
  std::string scope;  // school or trust
  evidence::v1::Cut cut;
  evidence::v1::Period before, after;
};

// Null: the service is not known here.
using AssessmentClient = std::function<std::shared_ptr<rpc::Client>()>;

// Fills in `comparison` of the effects, at most the first five, as the caller may see it. Where the service is away, the caller may
// not see the figure, or a window is not to be found, it stays absent. Takes a second and a half at the most.
void Compare(const AssessmentClient& assessment, const rpc::CallContext& context, const std::vector<Comparable>& comparables,
             v1::ThreadTimeline* timeline);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_COMPARISON_H_
