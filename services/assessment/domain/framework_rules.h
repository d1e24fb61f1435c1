// Rules of scales, frameworks and assessment windows.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAMEWORK_RULES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAMEWORK_RULES_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fivestrand/assessment/v1/framework.pb.h"

#include "platform/resource/strategy.h"
#include "platform/status/status.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::assessment::domain {

// Gives the path of a field in the request, for error texts.
using FieldPath = std::function<std::string(std::string_view field)>;

// Everything that is wrong with the scale by itself.
void CheckScale(const v1::Scale& scale, const FieldPath& path, status::FieldViolations* wrong);

// What `after` may not change because results were made on `before`.
void CheckScaleInUse(const v1::Scale& before, const v1::Scale& after, const FieldPath& path, status::FieldViolations* wrong);

// Gives codes that have no number the next ones; a code of `before` keeps its own, whatever its place. `before` may be null.
void NumberCodes(const v1::Scale* before, v1::Scale* after);

// The same subject on the same scale must not stand twice; on two scales it may.
void CheckSubjects(const google::protobuf::RepeatedPtrField<v1::AssessedSubject>& subjects, const FieldPath& path,
                   status::FieldViolations* wrong);

class ScaleStrategy : public resource::StrategyFor<v1::Scale> {
 public:
  explicit ScaleStrategy(std::shared_ptr<const RecordSource> source) : source_(std::move(source)) {}
  absl::Status Write(resource::WriteContext& context, const v1::Scale* before, v1::Scale* after) override;
  absl::Status Delete(resource::WriteContext& context, const v1::Scale& before) override;

 private:
  const std::shared_ptr<const RecordSource> source_;
};

class FrameworkStrategy : public resource::StrategyFor<v1::Framework> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::Framework* before, v1::Framework* after) override;
};

class AssessmentWindowStrategy : public resource::StrategyFor<v1::AssessmentWindow> {
 public:
  explicit AssessmentWindowStrategy(std::shared_ptr<const RecordSource> source) : source_(std::move(source)) {}
  absl::Status Write(resource::WriteContext& context, const v1::AssessmentWindow* before, v1::AssessmentWindow* after) override;
  absl::Status Delete(resource::WriteContext& context, const v1::AssessmentWindow& before) override;

 private:
  const std::shared_ptr<const RecordSource> source_;
};

// The line of the window by which the subject is assessed in the year group: on `scale`, or on its only one when that is empty.
// Null when there is none, or several. YEAR_GROUP_UNSPECIFIED: any.
const v1::AssessedSubject* FindSubject(const v1::AssessmentWindow& window, std::string_view subject, std::string_view scale,
                                       type::v1::YearGroup year_group);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAMEWORK_RULES_H_
