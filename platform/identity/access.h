// Who may do what: a table of rules, and the decision for one call.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_ACCESS_H_
#define FIVESTRAND_PLATFORM_IDENTITY_ACCESS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "platform/identity/caller.h"

namespace fivestrand::identity {

// How far a rule reaches, seen from a grant that has its role.
enum class Reach {
  // The whole trust, even when the grant names schools: what every member of staff may do wherever they work. Resources that live
  // at trust level (people, subjects, posts) are opened to school roles with it.
  kTrust,
  // What lies in the grant's schools; the whole trust, trust level included, when it names none.
  kSchool,
  // Within the grant's schools, the rows of one of its subjects, year groups or classes; all rows when it names none of these.
  kSubjectOrYear,
  // Within the grant's schools, and at trust level, the rows in which the caller is named by one of the record's own_fields.
  kOwn,
  // As kSchool, also for records at trust level that say which school they belong to (the record's school_field): the rows of the
  // grant's schools. Those that belong to no school are for a grant that names none.
  kRowSchool,
};

struct AccessRule {
  Role role{};
  // "leadership.dropIns.create", or with a last segment "*": "leadership.dropIns.*", "leadership.*".
  std::string_view permission;
  Reach reach = Reach::kSchool;
};

// A grant that lets the caller in, and how far. Points into the Caller.
struct Reached {
  Reach reach;
  const Grant* grant;
};

// What a row looks like to a decision. Ids, not names; empty or 0 when the record has no such field.
struct RowFacts {
  std::string_view school;
  // School that a record at trust level belongs to.
  std::string_view row_school;
  std::string_view subject;
  int32_t year_group = 0;
  std::string_view class_id;
  // Whether one of the record's own_fields is the caller.
  bool own = false;
  // The record's restricted_field is set: nothing but kOwn reaches it.
  bool restricted = false;
};

// The outcome. Valid as long as the Caller that it was decided for.
struct Access {
  bool allowed = false;
  // No row of the asked scope needs a closer look, but for restricted ones. When allowed and not everything, a row is in when one
  // of `reached` lets it in.
  bool everything = false;
  absl::InlinedVector<Reached, 4> reached;

  explicit operator bool() const { return allowed; }
  // Whether a row of the asked scope is within reach. For a create: the row as it would be.
  bool Includes(const RowFacts& row) const;
};

// Compiled rules of a service. Immutable and safe to share. What no rule grants is denied.
class AccessTable {
 public:
  // `permissions`: every permission that the served methods and fields ask for. INVALID_ARGUMENT when a rule fits none of them,
  // has no role or a "*" elsewhere than as last segment: a misspelt rule is found at start.
  static absl::StatusOr<AccessTable> Compile(absl::Span<const AccessRule> rules, absl::Span<const std::string> permissions);

  // `school`: resource id; "-" for a list over the caller's schools; empty for the trust level, where a grant that names schools
  // does not suffice for Reach::kSchool or kSubjectOrYear. The caller's trust is not looked at.
  Access Decide(const Caller& caller, std::string_view permission, std::string_view school, absl::Time now) const;

  // The same about the resource `name`: trust and school are read from it, and another trust than the caller's is denied. This is
  // what a call asks. A name of no trust is denied unless the caller is a service or operator without one.
  Access DecideFor(const Caller& caller, std::string_view permission, std::string_view name, absl::Time now) const;

  // Permissions down, roles across; for docs/reference/access.md.
  std::string MarkdownTable() const;

 private:
  struct Entry {
    Role role;
    Reach reach;
  };

  AccessTable() = default;

  absl::flat_hash_map<std::string, std::vector<Entry>> entries_;
};

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_ACCESS_H_
