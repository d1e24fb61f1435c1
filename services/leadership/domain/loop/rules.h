// What raises a concern: rules over the final readings of one series. Pure: the same readings always say the same.
//
//   OUT_OF_BAND        red in one final reading, or amber in two in a row. Not for a commitment, whose beats have a rule of their
//   own. WIDENING_GAP       the gap of a group moved away from zero by more than delta in each of the last two windows, enough
//   pupils in all. MISSED_COMMITMENT  a beat missed twice in a row, or adherence worse than amber over the last six school weeks.
//   FALLING            worse than at the same time last year by more than delta.
//   STALE              nothing to read for half a term of school days, where there was something before.
//
// Each reading is held to what held on the day on which its period closed: the trust's limits, or what the school had agreed.
// A period in which nothing was due or concluded is passed over; one whose figure is hidden breaks a row, since nobody can tell.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_RULES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_RULES_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "fivestrand/leadership/v1/improvement.pb.h"

#include "platform/calendar/school_calendar.h"
#include "services/leadership/domain/loop/series.h"

namespace fivestrand::leadership::domain {

// The rules that run by themselves.
absl::Span<const v1::Rule> ReadingRules();

// Indexes, ascending, of the readings for which the rule fires when `index` is the newest; none when it does not fire. `calendar`
// of the school of the series; null when none is kept.
std::vector<std::size_t> Fires(v1::Rule rule, const Series& series, std::size_t index, const calendar::SchoolCalendar* calendar);

// Whether the reading is one that the rule has nothing against, so that a concern resolves, and may be raised anew later: in band,
// or for a movement no longer moving. False when nobody can tell.
bool Recovered(v1::Rule rule, const Series& series, std::size_t index, const calendar::SchoolCalendar* calendar);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_RULES_H_
