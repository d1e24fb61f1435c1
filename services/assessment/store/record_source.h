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

namespace fivestrand::assessment::v1 {
class AssessmentWindow;
class GroupMembership;
class Pupil;
}  // namespace fivestrand::assessment::v1

namespace fivestrand::leadership::v1 {
class SchoolClass;
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

  // With their sealed fields opened.
  absl::Status GroupMembershipsOf(fivestrand::store::Session& session, std::string_view pupil,
                                  std::vector<v1::GroupMembership>* memberships) const;

  // The pupils who are in the class on any day of the range, by family name and given name.
  absl::Status PupilsOfClass(fivestrand::store::Session& session, std::string_view school_class, calendar::DayRange days, int limit,
                             std::vector<v1::Pupil>* pupils) const;

  // What a decision about the pupil looks at: `caller` is a person's resource name.
  absl::Status FactsOf(fivestrand::store::Session& session, const v1::Pupil& pupil, std::string_view caller, absl::CivilDay today,
                       domain::ReachFacts* facts) const;

  // All windows of the trust, newest first.
  absl::Status WindowsOf(fivestrand::store::Session& session, std::string_view trust,
                         std::vector<v1::AssessmentWindow>* windows) const;

 private:
  const resource::Registry& registry_;
};

// Whether the person teaches the class on the day: is named by it, and the class is one of that academic year.
bool Teaches(const leadership::v1::SchoolClass& school_class, std::string_view person, absl::CivilDay day);

// yyyymmdd.
std::int64_t DateNumberOf(absl::CivilDay day);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_RECORD_SOURCE_H_
