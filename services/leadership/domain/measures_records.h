// Which list call returns the records behind a reading.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_RECORDS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_RECORDS_H_

#include <string_view>

#include "absl/time/civil_time.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_facts.h"

namespace fivestrand::leadership::domain {

// Permission that lists the records behind the measure, for example leadership.dropIns.list, and the last segment of their
// collection.
std::string_view RecordsPermission(MeasureId id);
std::string_view RecordsCollection(MeasureId id);

// Adds the queries for a reading of one school that has a value. What the post's holder did is one query a holder, with the days
// on which they held it; at most kMaxRecordQueries, and none at all when there would be more.
inline constexpr int kMaxRecordQueries = 8;
void AddRecordQueries(MeasureId id, const TrustFacts& facts, const SchoolFacts& school, absl::CivilDay as_of,
                      evidence::v1::Reading& reading);

// The same for a reading of the trust. Only where one query says it for all schools: visits, and drop-ins behind class coverage,
// while every school has the same period; and only what lies in it.
void AddTrustRecordQueries(MeasureId id, const TrustFacts& facts, absl::CivilDay as_of, evidence::v1::Reading& reading);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_RECORDS_H_
