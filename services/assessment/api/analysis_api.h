// AnalysisService.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_API_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_API_H_

#include <functional>
#include <memory>
#include <string_view>

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::assessment::domain {
class FrameSource;
}

namespace fivestrand::assessment::api {

// Binds AnalyseResults, ListAnalysedPupils and CompareProgress. The registry outlives the server.
void BindAnalysis(const resource::Registry& registry, std::shared_ptr<domain::FrameSource> source, rpc::Server& server);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_API_H_
