#include "services/leadership/store/loop/concern_counts.h"

#include "platform/names/names.h"
#include "platform/status/macros.h"

namespace fivestrand::leadership::store {

absl::StatusOr<std::map<std::pair<std::string, std::string>, int>> CountOpenConcerns(fivestrand::store::Session& session,
                                                                                     std::string_view trust,
                                                                                     const identity::Access& access,
                                                                                     std::string_view subject) {
  std::map<std::pair<std::string, std::string>, int> counts;
  if (!access.allowed) return counts;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT school, element, accountable, raised_by, restricted, COUNT(*) FROM concern WHERE trust = $1 AND open_key <> '' AND "
      "delete_time IS NULL GROUP BY school, element, accountable, raised_by, restricted",
      {names::TrustOf(trust)}, [&](const fivestrand::store::Row& row) {
        const std::string school(row.Text(0));
        const bool own = row.Text(2) == subject || row.Text(3) == subject;
        if (access.Includes({.row_school = names::SchoolOf(school), .own = own, .restricted = row.Int(4) != 0})) {
          counts[{school.empty() ? std::string(names::TrustNameOf(trust)) : school, std::string(row.Text(1))}] +=
              static_cast<int>(row.Int(5));
        }
        return absl::OkStatus();
      }));
  return counts;
}

}  // namespace fivestrand::leadership::store
