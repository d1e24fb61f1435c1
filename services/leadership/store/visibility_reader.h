// The facts of visible leadership out of the store.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_VISIBILITY_READER_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_VISIBILITY_READER_H_

#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"

#include "platform/store/store.h"
#include "services/leadership/domain/visibility_source.h"
#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::leadership::store {

// Each answer is read in one snapshot: one query a table, whatever the number of schools and periods.
class SqlVisibilitySource : public domain::VisibilitySource {
 public:
  // `store` outlives it.
  explicit SqlVisibilitySource(fivestrand::store::Store& store) : store_(store) {}

  absl::StatusOr<std::shared_ptr<const calendar::SchoolCalendar>> ReadCalendar(std::string_view school,
                                                                               absl::Time deadline) override;
  absl::StatusOr<domain::TrustFacts> ReadFacts(std::string_view scope, absl::CivilDay from, absl::CivilDay until, absl::Time now,
                                               const domain::Needs& needs, absl::Time deadline) override;
  absl::StatusOr<domain::DayFacts> ReadDay(std::string_view school, std::string_view caller, absl::CivilDay day,
                                           absl::Time deadline) override;
  absl::StatusOr<domain::CoverageFacts> ReadCoverage(std::string_view school, std::optional<calendar::DayRange> span,
                                                     absl::CivilDay today, absl::Time deadline) override;

  // For whoever has a session of their own, such as a strategy.
  organisation::CalendarReader& calendars() { return calendars_; }

 private:
  fivestrand::store::Store& store_;
  organisation::CalendarReader calendars_;
};

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_VISIBILITY_READER_H_
