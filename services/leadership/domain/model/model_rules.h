// What a trust may change in its improvement model, and what the model does to measures and readings.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_RULES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_RULES_H_

#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/model.pb.h"

#include "platform/evidence/measure.h"
#include "platform/resource/strategy.h"
#include "platform/status/status.h"

namespace fivestrand::leadership::domain {

// Number and owner of every element as the default has them, where they are left out.
void CompleteModel(v1::ImprovementModel* model);

// Everything that is wrong with a model: a strand or element that is missing, twice, unknown or in another strand; an owner other
// than the default's; a setting of a measure that is not the element's, that is given twice, or whose limits are out of order; and
// what CheckAgreedTargets finds.
// `known` are the measures of this service: their settings must name one of them and fit its direction. Those of other services
// only have to be in some order. `prefix` leads the paths, for example `improvement_model`.
status::FieldViolations CheckModel(const v1::ImprovementModel& model, absl::Span<const evidence::MeasureDefinition> known,
                                   std::string_view prefix);

// Null when the trust holds the measure to its own settings.
const v1::MeasureSetting* FindSetting(const v1::ImprovementModel& model, std::string_view measure);

// Target, limits and delta as the trust has set them.
void ApplyModel(const v1::ImprovementModel& model, evidence::v1::Measure* measure);
// Where a reading with a value and a band stands by the measure's limits. One without a band stays so: it was not to be judged yet.
void Judge(const evidence::v1::Measure& measure, evidence::v1::Reading* reading);

// What a service's own measure is held to in a scope (resource name of a trust or school) on a day: with what the school has
// agreed.
evidence::v1::Measure MeasureOn(const v1::ImprovementModel& model, const evidence::v1::Measure& measure, std::string_view scope,
                                absl::CivilDay day);
// Whether the model says anything about the measure in that scope.
bool IsTheTrusts(const v1::ImprovementModel& model, std::string_view measure, std::string_view scope);
// For a measure with its readings: each is judged by what held on its last day, and the measure is as it holds for the newest.
void ApplyModel(const v1::ImprovementModel& model, absl::CivilDay today, evidence::v1::MeasureSummary* summary);

// Takes out the agreed targets of schools that are not to be kept.
void RemoveAgreed(v1::ImprovementModel* model, absl::FunctionRef<bool(std::string_view school)> keep);

// Completes and checks a model, counts its revisions and notes who made each.
class ModelStrategy : public resource::StrategyFor<v1::ImprovementModel> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::ImprovementModel* before, v1::ImprovementModel* after) override;
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_MODEL_RULES_H_
