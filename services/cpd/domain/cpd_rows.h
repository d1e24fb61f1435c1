// What rules ask of other rows than the one that is written.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_CPD_ROWS_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_CPD_ROWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace fivestrand::store {
class Session;
}

namespace fivestrand::cpd::domain {

struct SeatCount {
  int taken = 0;
  int waiting = 0;
};

// Asked within the write transaction, where nothing changes but by that write. Names are resource names. Thread-safe.
class CpdRows {
 public:
  virtual ~CpdRows() = default;

  virtual absl::StatusOr<SeatCount> CountSeats(fivestrand::store::Session& session, std::string_view event) const = 0;
  // The booking of the event that has waited longest; empty when none waits.
  virtual absl::StatusOr<std::string> LongestWaiting(fivestrand::store::Session& session, std::string_view event) const = 0;
  // The booking of the person for the event that is not cancelled; empty when there is none.
  virtual absl::StatusOr<std::string> StandingBooking(fivestrand::store::Session& session, std::string_view event,
                                                      std::string_view person) const = 0;
  // All that are not cancelled, in the order of booking.
  virtual absl::StatusOr<std::vector<std::string>> StandingBookings(fivestrand::store::Session& session,
                                                                    std::string_view event) const = 0;

  // The open step of a coaching cycle, and its planned sessions.
  virtual absl::StatusOr<std::string> OpenStep(fivestrand::store::Session& session, std::string_view cycle) const = 0;
  virtual absl::StatusOr<std::vector<std::string>> PlannedSessions(fivestrand::store::Session& session,
                                                                   std::string_view cycle) const = 0;
  // Writes down with whom a step is shared, for those who ask what is shared with them.
  virtual absl::Status KeepShares(fivestrand::store::Session& session, std::string_view step,
                                  const std::vector<std::string>& people) const = 0;

  // The school in which the person has a post on that day; empty for a post at the trust or none.
  virtual absl::StatusOr<std::string> SchoolOf(fivestrand::store::Session& session, std::string_view person,
                                               absl::CivilDay day) const = 0;
};

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_CPD_ROWS_H_
