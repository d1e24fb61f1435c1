#include "services/leadership/store/visibility_reader.h"

#include "platform/status/macros.h"
#include "services/leadership/store/day_rows.h"
#include "services/leadership/store/visibility_rows.h"

namespace fivestrand::leadership::store {

using fivestrand::store::Session;

absl::StatusOr<std::shared_ptr<const calendar::SchoolCalendar>> SqlVisibilitySource::ReadCalendar(std::string_view school,
                                                                                                  absl::Time deadline) {
  std::shared_ptr<const calendar::SchoolCalendar> calendar;
  FIVESTRAND_RETURN_IF_ERROR(store_.Read(deadline, [&](Session& session) -> absl::Status {
    FIVESTRAND_RETURN_IF_ERROR(CheckSchool(session, school));
    FIVESTRAND_ASSIGN_OR_RETURN(calendar, calendars_.Read(session, school));
    return absl::OkStatus();
  }));
  return calendar;
}

absl::StatusOr<domain::TrustFacts> SqlVisibilitySource::ReadFacts(std::string_view scope, absl::CivilDay from, absl::CivilDay until,
                                                                  absl::Time now, const domain::Needs& needs, absl::Time deadline) {
  domain::TrustFacts facts;
  FIVESTRAND_RETURN_IF_ERROR(store_.Read(deadline, [&](Session& session) -> absl::Status {
    facts = {};
    return ReadTrustFacts(session, calendars_, scope, from, until, now, needs, &facts);
  }));
  return facts;
}

absl::StatusOr<domain::DayFacts> SqlVisibilitySource::ReadDay(std::string_view school, std::string_view caller, absl::CivilDay day,
                                                              absl::Time deadline) {
  domain::DayFacts facts;
  FIVESTRAND_RETURN_IF_ERROR(store_.Read(deadline, [&](Session& session) -> absl::Status {
    facts = {};
    return ReadDayFacts(session, calendars_, school, caller, day, &facts);
  }));
  return facts;
}

absl::StatusOr<domain::CoverageFacts> SqlVisibilitySource::ReadCoverage(std::string_view school,
                                                                        std::optional<calendar::DayRange> span,
                                                                        absl::CivilDay today, absl::Time deadline) {
  domain::CoverageFacts facts;
  FIVESTRAND_RETURN_IF_ERROR(store_.Read(deadline, [&](Session& session) -> absl::Status {
    facts = {};
    return ReadCoverageFacts(session, calendars_, school, span, today, &facts);
  }));
  return facts;
}

}  // namespace fivestrand::leadership::store
