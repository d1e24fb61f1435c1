// What rules ask the store beside the record that is written.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SOURCES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SOURCES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fivestrand::store {
class Session;
}

namespace fivestrand::assessment::v1 {
class ClassMembership;
class Enrolment;
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

  // Whether results were ever made on the scale; on it in the subject and window.
  virtual absl::StatusOr<bool> ScaleInUse(fivestrand::store::Session& session, std::string_view scale) const = 0;
  virtual absl::StatusOr<bool> ColumnInUse(fivestrand::store::Session& session, std::string_view window, std::string_view subject,
                                           std::string_view scale) const = 0;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SOURCES_H_
