// The SQL behind SqlVisibilitySource, in a session that is given.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_VISIBILITY_ROWS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_VISIBILITY_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "platform/calendar/day.h"
#include "platform/store/session.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_facts.h"
#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::leadership::store {

// Numbers texts in the order in which they first come.
class Interner {
 public:
  std::int32_t Number(std::string_view text);
  std::vector<std::string> Take() { return std::move(texts_); }

 private:
  absl::flat_hash_map<std::string, std::int32_t> numbers_;
  std::vector<std::string> texts_;
};

// The London day of a time in microseconds. Rows come in order of time, so the last answer often fits the next row.
class DayClock {
 public:
  absl::CivilDay DayOf(std::int64_t micros);

 private:
  absl::CivilDay day_;
  std::int64_t from_ = 0;
  std::int64_t until_ = 0;
};

// A date column; `otherwise` when it is NULL.
absl::CivilDay DateAt(const fivestrand::store::Row& row, int column, absl::CivilDay otherwise);

// NOT_FOUND unless the school is there and live.
absl::Status CheckSchool(fivestrand::store::Session& session, std::string_view school);

// Resource names of the trusts of the store, at most ten thousand.
absl::Status ListTrusts(fivestrand::store::Session& session, std::vector<std::string>* trusts);

absl::Status ReadTrustFacts(fivestrand::store::Session& session, organisation::CalendarReader& calendars, std::string_view scope,
                            absl::CivilDay from, absl::CivilDay until, absl::Time now, const domain::Needs& needs,
                            domain::TrustFacts* facts);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_VISIBILITY_ROWS_H_
