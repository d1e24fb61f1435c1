// What the welfare service must know of the trust's people.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_DIRECTORY_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_DIRECTORY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

#include "platform/identity/caller.h"

namespace fivestrand::store {
class Session;
}

namespace fivestrand::welfare::domain {

// A person who holds a post on a day, directors of the board left out.
struct StaffMember {
  std::string person;  // resource name
  // Resource name of the school in which they work: of their headteacher's post if they hold one, else of the post that they have
  // held longest; empty at the trust itself.
  std::string school;
  bool headteacher = false;
};

// Thread-safe. Reads what the session sees.
class Directory {
 public:
  virtual ~Directory() = default;
  // Whether the person holds a post on the day; fills in `member`.
  virtual absl::StatusOr<bool> FindStaff(fivestrand::store::Session& session, std::string_view person, absl::CivilDay day,
                                         StaffMember* member) const = 0;
  // Everybody, once each, in the order of their names.
  virtual absl::StatusOr<std::vector<StaffMember>> ListStaff(fivestrand::store::Session& session, std::string_view trust,
                                                             absl::CivilDay day) const = 0;
  // Persons with a confirmed grant of the role for the whole trust; for ROLE_CEO also the holder of that post.
  virtual absl::StatusOr<std::vector<std::string>> Holders(fivestrand::store::Session& session, std::string_view trust,
                                                           identity::Role role, absl::CivilDay day) const = 0;
  virtual absl::StatusOr<bool> Manages(fivestrand::store::Session& session, std::string_view manager, std::string_view report,
                                       absl::CivilDay day) const = 0;
};

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_DIRECTORY_H_
