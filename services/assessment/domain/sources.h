// What rules and handlers ask the store about records, beside the standard methods.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SOURCES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SOURCES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/day.h"
#include "services/assessment/domain/pupil_reach.h"

namespace fivestrand::store {
class Session;
}

namespace fivestrand::assessment::v1 {
class AssessmentWindow;
class ClassMembership;
class Enrolment;
class GroupMembership;
class Pupil;
}  // namespace fivestrand::assessment::v1

namespace fivestrand::assessment::domain {

// Thread-safe; each answer is as the session sees the store. Names are whole resource names; deleted records are not there.
class RecordSource {
 public:
  virtual ~RecordSource() = default;

  virtual absl::Status EnrolmentsOf(fivestrand::store::Session& session, std::string_view pupil,
                                    std::vector<v1::Enrolment>* enrolments) const = 0;
  virtual absl::Status ClassMembershipsOf(fivestrand::store::Session& session, std::string_view pupil,
                                          std::vector<v1::ClassMembership>* memberships) const = 0;
  virtual absl::Status GroupMembershipNamesOf(fivestrand::store::Session& session, std::string_view pupil,
                                              std::vector<std::string>* names) const = 0;
  // With their sealed fields opened.
  virtual absl::Status GroupMembershipsOf(fivestrand::store::Session& session, std::string_view pupil,
                                          std::vector<v1::GroupMembership>* memberships) const = 0;

  // The pupils who are in the class on any day of the range, by family name and given name.
  virtual absl::Status PupilsOfClass(fivestrand::store::Session& session, std::string_view school_class, calendar::DayRange days,
                                     int limit, std::vector<v1::Pupil>* pupils) const = 0;
  // Pupils of a trust, given by its id, who have a UPN: names by UPN.
  virtual absl::Status PupilsByUpn(fivestrand::store::Session& session, std::string_view trust,
                                   absl::flat_hash_map<std::string, std::string>* pupils) const = 0;
  // Pupils of all trusts whose school, year group or on_roll is not what their enrolments say of the day.
  virtual absl::Status PupilsBehind(fivestrand::store::Session& session, absl::CivilDay day, int limit,
                                    std::vector<std::string>* pupils) const = 0;

  // What a decision about the pupil looks at: `caller` is a person's resource name.
  virtual absl::Status FactsOf(fivestrand::store::Session& session, const v1::Pupil& pupil, std::string_view caller,
                               absl::CivilDay today, ReachFacts* facts) const = 0;

  // All windows of the trust, given by its id, newest first.
  virtual absl::Status WindowsOf(fivestrand::store::Session& session, std::string_view trust,
                                 std::vector<v1::AssessmentWindow>* windows) const = 0;

  // Whether results were ever made on the scale; on it in the subject and window.
  virtual absl::StatusOr<bool> ScaleInUse(fivestrand::store::Session& session, std::string_view scale) const = 0;
  virtual absl::StatusOr<bool> ColumnInUse(fivestrand::store::Session& session, std::string_view window, std::string_view subject,
                                           std::string_view scale) const = 0;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SOURCES_H_
