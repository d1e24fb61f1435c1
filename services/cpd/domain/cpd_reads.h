// What the service's own reads need of the store. Names are resource names; each answer is of one snapshot.
#ifndef FIVESTRAND_SERVICES_CPD_DOMAIN_CPD_READS_H_
#define FIVESTRAND_SERVICES_CPD_DOMAIN_CPD_READS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/cpd/v1/coaching_service.pb.h"
#include "fivestrand/cpd/v1/learning_service.pb.h"

#include "platform/calendar/day.h"

namespace fivestrand::store {
class Session;
}

namespace fivestrand::cpd::domain {

// Coaching with its sealed texts, for those who may read them. Thread-safe.
class CoachingReads {
 public:
  virtual ~CoachingReads() = default;

  // The room of a cycle, newest first, a hundred of each at most. PERMISSION_DENIED when `reader` is neither of its two people, and
  // just so when there is no such cycle; `method` is what the error names.
  virtual absl::Status ReadRoom(std::string_view cycle, std::string_view reader, std::string_view method, absl::Time deadline,
                                v1::CoachingRoom* room) const = 0;
  // The steps that are shared with `reader`, newest first, a hundred at most.
  virtual absl::Status ReadSharedSteps(std::string_view trust, std::string_view reader, absl::Time deadline,
                                       v1::ListSharedStepsResponse* response) const = 0;
  // Counts over `scope`, a trust or a school: without reading a text or naming anybody.
  virtual absl::Status ReadCounts(std::string_view scope, calendar::DayRange span, absl::Time deadline,
                                  v1::CoachingCounts* counts) const = 0;
};

// What somebody took part in, and what decides who may see it.
struct PersonLearning {
  v1::LearningRecord record;
  // Where the person has a post today; empty: at the trust, or nowhere.
  std::string school;
  // Whether the reader line-manages the person today.
  bool managed = false;
};

// Lists of events and bookings that are more than one kind of record. Thread-safe.
class LearningReads {
 public:
  virtual ~LearningReads() = default;

  // A page of ListOpenEvents.
  virtual absl::Status ReadOpenEvents(const v1::ListOpenEventsRequest& request, std::string_view caller, absl::Time now,
                                      absl::Time deadline, v1::ListOpenEventsResponse* response) const = 0;
  // Those with a place, in the order of booking.
  virtual absl::Status ReadPlaces(fivestrand::store::Session& session, std::string_view event, v1::EventRegister* places) const = 0;
  // Bookings of those whom `manager` line-manages on `today`, of events that end in the span; five hundred at most.
  virtual absl::Status ReadTeamBookings(std::string_view manager, absl::CivilDay today, calendar::DayRange span,
                                        absl::Time deadline, v1::ListTeamBookingsResponse* response) const = 0;
  virtual absl::Status ReadLearning(std::string_view person, std::string_view reader, calendar::DayRange span, absl::Time now,
                                    absl::Time deadline, PersonLearning* learning) const = 0;
};

}  // namespace fivestrand::cpd::domain

#endif  // FIVESTRAND_SERVICES_CPD_DOMAIN_CPD_READS_H_
