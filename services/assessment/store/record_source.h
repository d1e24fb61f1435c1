// What rules and bodies ask the store beside the standard methods of the registry.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_RECORD_SOURCE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_RECORD_SOURCE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/day.h"
#include "services/assessment/domain/pupil_reach.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::store {

class SqlRecordSource : public domain::RecordSource {
 public:
  // The registry outlives it.
  explicit SqlRecordSource(const resource::Registry& registry) : registry_(registry) {}

  absl::Status EnrolmentsOf(fivestrand::store::Session& session, std::string_view pupil,
                            std::vector<v1::Enrolment>* enrolments) const override;
  absl::Status ClassMembershipsOf(fivestrand::store::Session& session, std::string_view pupil,
                                  std::vector<v1::ClassMembership>* memberships) const override;
  absl::Status GroupMembershipNamesOf(fivestrand::store::Session& session, std::string_view pupil,
                                      std::vector<std::string>* names) const override;
  absl::StatusOr<bool> ScaleInUse(fivestrand::store::Session& session, std::string_view scale) const override;
  absl::StatusOr<bool> ColumnInUse(fivestrand::store::Session& session, std::string_view window, std::string_view subject,
                                   std::string_view scale) const override;

  absl::Status GroupMembershipsOf(fivestrand::store::Session& session, std::string_view pupil,
                                  std::vector<v1::GroupMembership>* memberships) const override;
  absl::Status PupilsOfClass(fivestrand::store::Session& session, std::string_view school_class, calendar::DayRange days, int limit,
                             std::vector<v1::Pupil>* pupils) const override;
  absl::Status PupilsByUpn(fivestrand::store::Session& session, std::string_view trust,
                           absl::flat_hash_map<std::string, std::string>* pupils) const override;
  absl::Status PupilsBehind(fivestrand::store::Session& session, absl::CivilDay day, int limit,
                            std::vector<std::string>* pupils) const override;
  absl::Status FactsOf(fivestrand::store::Session& session, const v1::Pupil& pupil, std::string_view caller, absl::CivilDay today,
                       domain::ReachFacts* facts) const override;
  absl::Status WindowsOf(fivestrand::store::Session& session, std::string_view trust,
                         std::vector<v1::AssessmentWindow>* windows) const override;

 private:
  const resource::Registry& registry_;
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_RECORD_SOURCE_H_
