// Readings: a value of a measure in one period of school time, or the reason why there is none.
#ifndef FIVESTRAND_PLATFORM_EVIDENCE_READING_H_
#define FIVESTRAND_PLATFORM_EVIDENCE_READING_H_

#include <optional>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/calendar/adherence.h"
#include "platform/calendar/period.h"
#include "platform/calendar/school_calendar.h"
#include "platform/evidence/measure.h"

namespace fivestrand::evidence {

// Most readings of a trend and of a listing.
inline constexpr int kMaxTrend = 12;
inline constexpr int kMaxReadings = 400;

// The cadence whose periods are those of the kind; nothing for unspecified, and for kinds that the calendar does not lay
// (assessment windows, surveys): a source lays these itself, out of its records.
std::optional<calendar::Cadence> CadenceOf(v1::PeriodKind kind);
v1::Period ToProto(const calendar::Period& period);
v1::Period MakePeriod(v1::PeriodKind kind, calendar::DayRange days, std::string_view label);

// Periods of the kind that touch the range and have begun by `as_of`, oldest first, at most `limit`, the newest kept.
std::vector<calendar::Period> ReadingPeriods(const calendar::SchoolCalendar& school, v1::PeriodKind kind, calendar::DayRange range,
                                             absl::CivilDay as_of, int limit = kMaxReadings);
// The newest `limit` periods up to `as_of`, over all planned years.
std::vector<calendar::Period> TrendPeriods(const calendar::SchoolCalendar& school, v1::PeriodKind kind, absl::CivilDay as_of,
                                           int limit = kMaxTrend);

// What a reading is about, the same for all readings of a measure and a scope.
struct ReadingContext {
  const MeasureDefinition& measure;
  std::string_view scope;  // `trusts/{trust}` or `trusts/{trust}/schools/{school}`
  absl::CivilDay as_of;
  absl::Time compute_time;
  // As in calendar::EvaluationOptions: a period that ends on `as_of` is not yet final.
  bool day_still_open = false;
};

// Closed periods are final: one that ends on `as_of` is, when that day is over.
bool IsFinal(const ReadingContext& context, const calendar::Period& period);
bool IsFinal(const ReadingContext& context, const v1::Period& period);

// With value numerator / denominator, band and finality. A denominator of 0 gives no value, NOTHING_CONCLUDED.
v1::Reading ShareReading(const ReadingContext& context, const calendar::Period& period, double numerator, double denominator);
v1::Reading ShareReading(const ReadingContext& context, const v1::Period& period, double numerator, double denominator);
// With a plain value: a count, days since.
v1::Reading ValueReading(const ReadingContext& context, const calendar::Period& period, double value);
v1::Reading ValueReading(const ReadingContext& context, const v1::Period& period, double value);
// Held and late of what is concluded.
v1::Reading AdherenceReading(const ReadingContext& context, const calendar::Period& period, const calendar::Adherence& adherence);
// No value, no band, no numerator and denominator either, so that nothing can be worked out of it.
v1::Reading NoReading(const ReadingContext& context, const calendar::Period& period, v1::NoValueReason reason);
v1::Reading NoReading(const ReadingContext& context, const v1::Period& period, v1::NoValueReason reason);
// When there is no period because no calendar covers `as_of`: NO_CALENDAR, without a period.
v1::Reading NoCalendarReading(const ReadingContext& context);
// Takes value, numerator, denominator, sample size, band and records out of a reading that a caller may not see in full.
void Withhold(v1::Reading& reading, v1::NoValueReason reason);

// The newest kMaxTrend readings with the last as `latest`; they must be oldest first. No readings: `latest` says NO_CALENDAR.
v1::MeasureSummary Summary(const ReadingContext& context, std::vector<v1::Reading> readings);

}  // namespace fivestrand::evidence

#endif  // FIVESTRAND_PLATFORM_EVIDENCE_READING_H_
