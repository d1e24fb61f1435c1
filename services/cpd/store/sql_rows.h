// What rules ask of other rows, out of the store.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_SQL_ROWS_H_
#define FIVESTRAND_SERVICES_CPD_STORE_SQL_ROWS_H_

#include "services/cpd/domain/cpd_rows.h"

namespace fivestrand::cpd::store {

class SqlCpdRows : public domain::CpdRows {
 public:
  absl::StatusOr<domain::SeatCount> CountSeats(fivestrand::store::Session& session, std::string_view event) const override;
  absl::StatusOr<std::string> LongestWaiting(fivestrand::store::Session& session, std::string_view event) const override;
  absl::StatusOr<std::string> StandingBooking(fivestrand::store::Session& session, std::string_view event,
                                              std::string_view person) const override;
  absl::StatusOr<std::vector<std::string>> StandingBookings(fivestrand::store::Session& session,
                                                            std::string_view event) const override;
  absl::StatusOr<std::string> OpenStep(fivestrand::store::Session& session, std::string_view cycle) const override;
  absl::StatusOr<std::vector<std::string>> PlannedSessions(fivestrand::store::Session& session,
                                                           std::string_view cycle) const override;
  absl::Status KeepShares(fivestrand::store::Session& session, std::string_view step,
                          const std::vector<std::string>& people) const override;
  absl::StatusOr<std::string> SchoolOf(fivestrand::store::Session& session, std::string_view person,
                                       absl::CivilDay day) const override;
};

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_SQL_ROWS_H_
