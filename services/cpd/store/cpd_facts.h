// The facts that the measures are computed from, out of the store.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_CPD_FACTS_H_
#define FIVESTRAND_SERVICES_CPD_STORE_CPD_FACTS_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/calendar/day.h"
#include "platform/store/session.h"
#include "services/cpd/domain/measures.h"
#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::cpd::store {

struct FactNeeds {
  bool coaching = false;
  bool learning = false;
};

// Of one school, or of the running schools of a trust in order of name: one query a table, whatever their number. NOT_FOUND when
// there is no such school or trust. Records that touch `span` and began by `now`.
absl::Status ReadFacts(fivestrand::store::Session& session, organisation::CalendarReader& calendars, std::string_view scope,
                       calendar::DayRange span, absl::Time now, FactNeeds needs, std::vector<domain::SchoolFacts>* schools);

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_CPD_FACTS_H_
