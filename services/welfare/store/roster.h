// Who works where, on any day, out of the organisation's tables.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_ROSTER_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_ROSTER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

#include "platform/store/session.h"
#include "services/welfare/domain/directory.h"

namespace fivestrand::welfare::store {

// The posts of a trust, all times, as one read found them.
class Roster {
 public:
  // Of the whole trust, or of one person.
  static absl::StatusOr<Roster> Load(fivestrand::store::Session& session, std::string_view trust, std::string_view person = {});

  // In the order of their names.
  std::vector<domain::StaffMember> At(absl::CivilDay day) const;
  // All of them, once each.
  std::vector<std::string> Persons() const;

 private:
  struct Held {
    std::string person;
    std::string school;
    bool headteacher;
    // yyyymmdd; of the post and of the person's time in the trust, whichever is shorter.
    std::int64_t start, end;
  };
  std::vector<Held> posts_;  // by person, then start
};

class SqlDirectory : public domain::Directory {
 public:
  absl::StatusOr<bool> FindStaff(fivestrand::store::Session& session, std::string_view person, absl::CivilDay day,
                                 domain::StaffMember* member) const override;
  absl::StatusOr<std::vector<domain::StaffMember>> ListStaff(fivestrand::store::Session& session, std::string_view trust,
                                                             absl::CivilDay day) const override;
  absl::StatusOr<std::vector<std::string>> Holders(fivestrand::store::Session& session, std::string_view trust, identity::Role role,
                                                   absl::CivilDay day) const override;
  absl::StatusOr<bool> Manages(fivestrand::store::Session& session, std::string_view manager, std::string_view report,
                               absl::CivilDay day) const override;
};

}  // namespace fivestrand::welfare::store

#endif  // FIVESTRAND_SERVICES_WELFARE_STORE_ROSTER_H_
