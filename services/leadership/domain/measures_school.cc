#include "services/leadership/domain/measures_school.h"

#include <algorithm>
#include <cstddef>

#include "absl/container/flat_hash_set.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::DayRange;
using calendar::Period;

DayRange Both(DayRange a, DayRange b) {
  return {std::max(a.start, b.start), std::min(a.end, b.end)};
}

Figure None(evidence::v1::NoValueReason reason) {
  return {.none = reason};
}

Figure Plain(double value) {
  return {.numerator = value, .denominator = 1};
}

// In order and without overlaps or touching neighbours.
std::vector<DayRange> Merge(std::vector<DayRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const DayRange& a, const DayRange& b) { return a.start < b.start; });
  std::vector<DayRange> merged;
  for (const DayRange& range : ranges) {
    if (range.empty()) continue;
    if (!merged.empty() && range.start - 1 <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, range.end);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

int CountDistinctSchoolDays(const calendar::SchoolCalendar& calendar, const std::vector<DayRange>& ranges, DayRange within) {
  int count = 0;
  for (const DayRange& range : ranges) {
    const DayRange part = Both(range, within);
    if (!part.empty()) count += calendar.CountSchoolDays(part);
  }
  return count;
}

bool Contains(const std::vector<DayRange>& ranges, absl::CivilDay day) {
  return std::any_of(ranges.begin(), ranges.end(), [day](const DayRange& range) { return range.Contains(day); });
}

std::ptrdiff_t CountWithin(const std::vector<absl::CivilDay>& days, DayRange range) {
  if (range.empty()) return 0;
  return std::upper_bound(days.begin(), days.end(), range.end) - std::lower_bound(days.begin(), days.end(), range.start);
}

void SortOnce(std::vector<absl::CivilDay>& days) {
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
}

// The part of the period that the question looks at.
DayRange UpTo(const Period& period, const AsOf& as_of) {
  return {period.start, std::min(period.end, as_of.day)};
}

}  // namespace

SchoolFigures::SchoolFigures(const SchoolFacts& facts)
    : facts_(facts), open_{facts.open}, visits_(facts.visits), drop_ins_(facts.drop_ins) {
  for (const Tenure& tenure : facts.headteachers) post_.push_back(Both(tenure.days, facts.open));
  post_ = Merge(std::move(post_));
  for (const DropInFact& drop_in : facts.drop_ins) {
    if (HoldsPost(drop_in.leader, drop_in.day)) drop_in_days_.push_back(drop_in.day);
  }
  for (const DutyFact& duty : facts.duties) {
    if (!HoldsPost(duty.leader, duty.day)) continue;
    if (duty.kind == v1::Duty::BREAK) break_days_.push_back(duty.day);
    if (duty.kind == v1::Duty::GATE_START || duty.kind == v1::Duty::GATE_END) gate_days_.push_back(duty.day);
  }
  for (const ModelledLessonFact& lesson : facts.modelled_lessons) {
    if (HoldsPost(lesson.leader, lesson.day)) lessons_.push_back(lesson.day);
  }
  for (Days* days : {&drop_in_days_, &break_days_, &gate_days_}) SortOnce(*days);
  std::sort(lessons_.begin(), lessons_.end());
  std::sort(visits_.begin(), visits_.end());
  std::sort(drop_ins_.begin(), drop_ins_.end(), [](const DropInFact& a, const DropInFact& b) { return a.day < b.day; });
}

bool SchoolFigures::HoldsPost(Key person, absl::CivilDay day) const {
  return std::any_of(facts_.headteachers.begin(), facts_.headteachers.end(),
                     [&](const Tenure& tenure) { return tenure.person == person && tenure.days.Contains(day); });
}

bool SchoolFigures::ActiveInHalfOf(const Period& period, const std::vector<DayRange>& active) const {
  const int school_days = facts_.calendar->CountSchoolDays(period.range());
  // No school day, or no calendar: the end of the period decides.
  if (school_days == 0) return Contains(active, period.end);
  return 2 * CountDistinctSchoolDays(*facts_.calendar, active, period.range()) >= school_days;
}

Figure SchoolFigures::DailyShare(const Days& kept, const Period& period, const AsOf& as_of) const {
  if (!ActiveInHalfOf(period, post_)) return None(evidence::v1::NOTHING_CONCLUDED);
  const DayRange range = UpTo(period, as_of);
  const auto counts = [this](absl::CivilDay day) {
    return facts_.calendar->IsSchoolDay(day) && Contains(post_, day);
  };
  Figure figure;
  figure.denominator = CountDistinctSchoolDays(*facts_.calendar, post_, range);
  for (auto day = std::lower_bound(kept.begin(), kept.end(), range.start); day != kept.end() && *day <= range.end; ++day) {
    if (counts(*day)) ++figure.numerator;
  }
  const bool today_is_open = as_of.still_open && period.range().Contains(as_of.day) && counts(as_of.day);
  if (today_is_open && !std::binary_search(kept.begin(), kept.end(), as_of.day)) --figure.denominator;
  return figure.denominator > 0 ? figure : None(evidence::v1::NOTHING_CONCLUDED);
}

Figure SchoolFigures::DaysSinceVisit(const Period& period, const AsOf& as_of) const {
  const absl::CivilDay end = std::min(period.end, as_of.day);
  if (!facts_.open.Contains(end)) return None(evidence::v1::NOTHING_CONCLUDED);
  const auto after = std::upper_bound(visits_.begin(), visits_.end(), end);
  // A school that nobody has ever visited: no number of days is true. Schools seen and visits show it.
  if (after == visits_.begin()) return None(evidence::v1::NOT_KEPT_YET);
  return Plain(static_cast<double>(end - *std::prev(after)));
}

Figure SchoolFigures::ClassCoverage(const Period& period, const AsOf& as_of) const {
  absl::flat_hash_set<Key> of_year, seen;
  for (const ClassFact& one : facts_.classes) {
    if (one.academic_year == period.academic_year) of_year.insert(one.school_class);
  }
  if (of_year.empty()) return None(evidence::v1::NOT_KEPT_YET);
  const DayRange range = UpTo(period, as_of);
  auto drop_in = std::lower_bound(drop_ins_.begin(), drop_ins_.end(), range.start,
                                  [](const DropInFact& fact, absl::CivilDay day) { return fact.day < day; });
  for (; drop_in != drop_ins_.end() && drop_in->day <= range.end; ++drop_in) {
    if (of_year.contains(drop_in->school_class)) seen.insert(drop_in->school_class);
  }
  return {.numerator = static_cast<double>(seen.size()), .denominator = static_cast<double>(of_year.size())};
}

Figure SchoolFigures::Of(MeasureId id, const Period& period, const AsOf& as_of) const {
  if (IsRolling(id)) return DaysSinceVisit(period, as_of);
  if (!ActiveInHalfOf(period, open_)) return None(evidence::v1::NOTHING_CONCLUDED);
  switch (id) {
    case MeasureId::kDaysSinceVisit:
      break;
    case MeasureId::kVisits:
      return Plain(static_cast<double>(CountWithin(visits_, UpTo(period, as_of))));
    case MeasureId::kSchoolsSeen:
      return Plain(CountWithin(visits_, UpTo(period, as_of)) > 0 ? 1 : 0);
    case MeasureId::kDropInDays:
      return DailyShare(drop_in_days_, period, as_of);
    case MeasureId::kBreakDutyDays:
      return DailyShare(break_days_, period, as_of);
    case MeasureId::kGateDays:
      return DailyShare(gate_days_, period, as_of);
    case MeasureId::kModelledLessons:
      if (!ActiveInHalfOf(period, post_)) return None(evidence::v1::NOTHING_CONCLUDED);
      return Plain(static_cast<double>(CountWithin(lessons_, UpTo(period, as_of))));
    case MeasureId::kClassCoverage:
      return ClassCoverage(period, as_of);
  }
  return None(evidence::v1::NOTHING_CONCLUDED);
}

}  // namespace fivestrand::leadership::domain
