#include "services/assessment/app/assessment_spec.h"

#include <memory>

#include "platform/resource/registry.h"
#include "services/assessment/api/analysis_api.h"
#include "services/assessment/api/import_api.h"
#include "services/assessment/api/pupil_api.h"
#include "services/assessment/api/result_api.h"
#include "services/assessment/api/roll_over.h"
#include "services/assessment/domain/access.h"
#include "services/assessment/domain/strategies.h"
#include "services/assessment/store/frame_keeper.h"
#include "services/assessment/store/migrations.h"
#include "services/assessment/store/outcome_evidence.h"
#include "services/assessment/store/record_source.h"
#include "services/assessment/store/result_book.h"
#include "services/organisation/app/organisation.h"

namespace fivestrand::assessment {

service::RecordServiceSpec AssessmentSpec(std::shared_ptr<store::SharedFrames> frames) {
  service::RecordServiceSpec spec;
  spec.name = "assessment";
  spec.migrations = {store::Migrations()};
  spec.access_rules = domain::AccessRules();
  spec.services = {"fivestrand.assessment.v1.PupilService", "fivestrand.assessment.v1.FrameworkService",
                   "fivestrand.assessment.v1.ResultService", "fivestrand.assessment.v1.ImportService",
                   "fivestrand.assessment.v1.AnalysisService"};
  spec.custom_methods = {"ReadPupilOverview", "ListClassPupils",    "MergePupils",      "ReadGrid",
                         "BulkUpsertResults", "ListPupilResults",   "ImportAssessment", "ReadImportProgress",
                         "AnalyseResults",    "ListAnalysedPupils", "CompareProgress"};
  spec.declare = [](resource::Registry* registry) {
    return domain::DeclareRecords(std::make_shared<const store::SqlRecordSource>(*registry), registry);
  };
  // The frame is told of every commit of results, and answers analysis and evidence.
  if (frames == nullptr) frames = std::make_shared<store::SharedFrames>();
  spec.bind = [frames](resource::Registry& registry, rpc::Server& server) {
    const std::shared_ptr<store::FrameKeeper> keeper = frames->For(registry);
    const auto source = std::make_shared<const store::SqlRecordSource>(registry);
    const auto book = std::make_shared<const store::SqlResultBook>(registry, source);
    api::BindPupils(registry, source, server);
    api::BindMerge(registry, source, book, keeper, server);
    api::BindResults(registry, source, book, keeper, server);
    api::BindImports(registry, source, book, keeper, server);
    api::BindAnalysis(registry, keeper, server);
  };
  spec.evidence = [frames](const resource::Registry& registry) {
    return std::make_shared<const store::OutcomeEvidence>(frames->For(registry));
  };
  auto roll_over = std::make_shared<api::RollOver>();
  spec.upkeep = [roll_over](const resource::Registry& registry, absl::Time now, absl::Time deadline) {
    return roll_over->Run(registry, store::SqlRecordSource(registry), now, deadline);
  };
  organisation::FollowOrganisation(&spec);
  return spec;
}

}  // namespace fivestrand::assessment
