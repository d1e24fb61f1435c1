// Where the measures, the day and the coverage get their facts. services/leadership/store implements it over the service's store.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_VISIBILITY_SOURCE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_VISIBILITY_SOURCE_H_

#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "platform/calendar/day.h"
#include "platform/calendar/school_calendar.h"
#include "services/leadership/domain/day_facts.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_facts.h"

namespace fivestrand::leadership::domain {

// Every answer is of one moment. Thread-safe; may wait, within the deadline. A school that does not exist, or is deleted, is
// NOT_FOUND.
class VisibilitySource {
 public:
  virtual ~VisibilitySource() = default;

  // `school` is a resource name.
  virtual absl::StatusOr<std::shared_ptr<const calendar::SchoolCalendar>> ReadCalendar(std::string_view school,
                                                                                       absl::Time deadline) = 0;

  // Records from `from` up to and including `until`, none that begins after `now`. `scope` is a school, whatever its status, or a
  // trust, for its schools that are or were running.
  virtual absl::StatusOr<TrustFacts> ReadFacts(std::string_view scope, absl::CivilDay from, absl::CivilDay until, absl::Time now,
                                               const Needs& needs, absl::Time deadline) = 0;

  // `caller` is a person's resource name.
  virtual absl::StatusOr<DayFacts> ReadDay(std::string_view school, std::string_view caller, absl::CivilDay day,
                                           absl::Time deadline) = 0;

  // `span` absent: DefaultCoverageSpan.
  virtual absl::StatusOr<CoverageFacts> ReadCoverage(std::string_view school, std::optional<calendar::DayRange> span,
                                                     absl::CivilDay today, absl::Time deadline) = 0;
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_VISIBILITY_SOURCE_H_
