// Lists of events and bookings, out of the store.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_LEARNING_READER_H_
#define FIVESTRAND_SERVICES_CPD_STORE_LEARNING_READER_H_

#include <memory>
#include <utility>

#include "services/cpd/domain/cpd_reads.h"
#include "services/cpd/domain/cpd_rows.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::cpd::store {

class SqlLearningReads : public domain::LearningReads {
 public:
  // `registry` outlives it.
  SqlLearningReads(std::shared_ptr<const domain::CpdRows> rows, const resource::Registry& registry)
      : rows_(std::move(rows)), registry_(registry) {}

  absl::Status ReadOpenEvents(const v1::ListOpenEventsRequest& request, std::string_view caller, absl::Time now,
                              absl::Time deadline, v1::ListOpenEventsResponse* response) const override;
  absl::Status ReadPlaces(fivestrand::store::Session& session, std::string_view event, v1::EventRegister* places) const override;
  absl::Status ReadTeamBookings(std::string_view manager, absl::CivilDay today, calendar::DayRange span, absl::Time deadline,
                                v1::ListTeamBookingsResponse* response) const override;
  absl::Status ReadLearning(std::string_view person, std::string_view reader, calendar::DayRange span, absl::Time now,
                            absl::Time deadline, domain::PersonLearning* learning) const override;

 private:
  const std::shared_ptr<const domain::CpdRows> rows_;
  const resource::Registry& registry_;
};

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_LEARNING_READER_H_
