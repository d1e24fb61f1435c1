// Rules of pupils and of what holds of them for a time.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_PUPIL_RULES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_PUPIL_RULES_H_

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/pupils.pb.h"

#include "platform/resource/strategy.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::assessment::domain {

// Whether [start_date, end_date] of an enrolment or membership holds the day.
template <typename Dated>
bool HoldsOn(const Dated& dated, absl::CivilDay day);

// The enrolment that counts on the day: the newest that has begun by then, else the first to come; null when there is none. `holds`
// says whether the day lies in it.
const v1::Enrolment* EnrolmentOn(const std::vector<v1::Enrolment>& enrolments, absl::CivilDay day, bool* holds);

// Brings school, year group and on_roll of the pupil up to the day; whether anything changed.
bool ApplyEnrolments(const std::vector<v1::Enrolment>& enrolments, absl::CivilDay day, v1::Pupil* pupil);

class PupilStrategy : public resource::StrategyFor<v1::Pupil> {
 public:
  explicit PupilStrategy(std::shared_ptr<const RecordSource> source) : source_(std::move(source)) {}
  absl::Status Write(resource::WriteContext& context, const v1::Pupil* before, v1::Pupil* after) override;

 private:
  const std::shared_ptr<const RecordSource> source_;
};

class EnrolmentStrategy : public resource::StrategyFor<v1::Enrolment> {
 public:
  explicit EnrolmentStrategy(std::shared_ptr<const RecordSource> source) : source_(std::move(source)) {}
  absl::Status Write(resource::WriteContext& context, const v1::Enrolment* before, v1::Enrolment* after) override;
  absl::Status Delete(resource::WriteContext& context, const v1::Enrolment& before) override;

 private:
  // `enrolments`: as they will be.
  absl::Status BringUpToDate(resource::WriteContext& context, std::string_view pupil, const std::vector<v1::Enrolment>& enrolments);

  const std::shared_ptr<const RecordSource> source_;
};

class ClassMembershipStrategy : public resource::StrategyFor<v1::ClassMembership> {
 public:
  explicit ClassMembershipStrategy(std::shared_ptr<const RecordSource> source) : source_(std::move(source)) {}
  absl::Status Write(resource::WriteContext& context, const v1::ClassMembership* before, v1::ClassMembership* after) override;

 private:
  const std::shared_ptr<const RecordSource> source_;
};

// Who leads on special needs writes those; every other group is the data lead's.
class GroupMembershipStrategy : public resource::StrategyFor<v1::GroupMembership> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::GroupMembership* before, v1::GroupMembership* after) override;
  absl::Status Delete(resource::WriteContext& context, const v1::GroupMembership& before) override;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_PUPIL_RULES_H_
