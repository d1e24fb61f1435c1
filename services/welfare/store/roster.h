// Who works where, on any day, out of the organisation's tables.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_ROSTER_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_ROSTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
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

  // The same without names, for counting: numbers of persons and schools as in the lists below.
  struct Member {
    std::size_t person = 0, school = 0;
    bool headteacher = false;
  };
  void ForEachAt(absl::CivilDay day, absl::FunctionRef<void(const Member&)> each) const;

  // All of them, once each, in the order of their names.
  const std::vector<std::string>& persons() const { return persons_; }
  // Where any of them ever worked; empty: the trust itself.
  const std::vector<std::string>& schools() const { return schools_; }

 private:
  struct Held {
    Member member;
    // yyyymmdd; of the post and of the person's time in the trust, whichever is shorter.
    std::int64_t start = 0, end = 0;
  };
  std::vector<Held> posts_;  // by person, then start
  std::vector<std::string> persons_;
  std::vector<std::string> schools_;
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
