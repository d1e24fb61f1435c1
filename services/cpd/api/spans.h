// Spans of days in requests.
#ifndef FIVESTRAND_SERVICES_CPD_API_SPANS_H_
#define FIVESTRAND_SERVICES_CPD_API_SPANS_H_

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "platform/calendar/day.h"
#include "platform/status/status.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::api {

// start_date and end_date of the request, each the one of `otherwise` when absent. INVALID_ARGUMENT when the end is before the
// start or the span longer than `max_days`.
template <typename Request>
absl::StatusOr<calendar::DayRange> ReadSpanOr(const Request& request, calendar::DayRange otherwise, int max_days) {
  calendar::DayRange span = otherwise;
  if (request.has_start_date()) span.start = domain::ToDay(request.start_date());
  if (request.has_end_date()) span.end = domain::ToDay(request.end_date());
  if (span.empty()) return status::InvalidField("end_date", "must not be before start_date");
  if (span.end - span.start >= max_days)
    return status::InvalidField("end_date", absl::StrCat("must lie within ", max_days, " days of start_date"));
  return span;
}

}  // namespace fivestrand::cpd::api

#endif  // FIVESTRAND_SERVICES_CPD_API_SPANS_H_
