#include "services/leadership/domain/day.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/period.h"
#include "services/leadership/domain/day_classes.h"
#include "services/organisation/domain/calendar_input.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::DayRange;
using v1::Beat;

std::optional<DayRange> HalfTermOf(const calendar::SchoolCalendar& calendar, absl::CivilDay day) {
  const calendar::SchoolCalendar::Year* year = calendar.FindYear(calendar::AcademicYearOf(day));
  if (year == nullptr) return std::nullopt;
  for (const DayRange& half_term : year->half_terms) {
    if (half_term.Contains(day)) return half_term;
  }
  return std::nullopt;
}

// Whose records count, and when.
class Counting {
 public:
  Counting(const DayFacts& facts, std::string_view caller, absl::CivilDay day) : facts_(facts) {
    for (std::size_t i = 0; i < facts.names.size(); ++i) {
      if (facts.names[i] == caller) caller_ = static_cast<std::int32_t>(i);
    }
    for_post_ = caller_ >= 0 && Holds(caller_, day);
  }

  bool Counts(std::int32_t leader, absl::CivilDay day) const { return for_post_ ? Holds(leader, day) : leader == caller_; }

  bool IsDue(absl::CivilDay day) const {
    if (!facts_.calendar->IsSchoolDay(day)) return false;
    return !for_post_ || AnyHolds(day);
  }

 private:
  bool Holds(std::int32_t person, absl::CivilDay day) const {
    return std::any_of(facts_.headteachers.begin(), facts_.headteachers.end(),
                       [&](const Holder& holder) { return holder.person == person && holder.days.Contains(day); });
  }
  bool AnyHolds(absl::CivilDay day) const {
    return std::any_of(facts_.headteachers.begin(), facts_.headteachers.end(),
                       [&](const Holder& holder) { return holder.days.Contains(day); });
  }

  const DayFacts& facts_;
  std::int32_t caller_ = -1;  // nobody
  bool for_post_ = false;
};

Beat::Status StatusOf(int count, bool due, absl::CivilDay last_day, absl::CivilDay today) {
  if (!due) return Beat::NOT_DUE;
  if (count > 0) return Beat::HELD;
  return last_day < today ? Beat::MISSED : Beat::DUE;
}

Beat MakeBeat(Beat::Kind kind, absl::CivilDay date, Beat::Status status, int count) {
  Beat beat;
  beat.set_kind(kind);
  *beat.mutable_date() = calendar::ToProto(date);
  beat.set_status(status);
  beat.set_count(count);
  return beat;
}

int CountOn(const DayFacts& facts, const Counting& counting, Beat::Kind kind, absl::CivilDay day) {
  const auto duties = [&](v1::Duty::Kind duty) {
    return std::count_if(facts.duties.begin(), facts.duties.end(), [&](const TimedDuty& one) {
      return one.day == day && one.kind == duty && counting.Counts(one.leader, day);
    });
  };
  switch (kind) {
    case Beat::DROP_IN:
      return static_cast<int>(std::count_if(facts.drop_ins.begin(), facts.drop_ins.end(),
                                            [&](const Look& one) { return one.day == day && counting.Counts(one.leader, day); }));
    case Beat::BREAK_DUTY:
      return static_cast<int>(duties(v1::Duty::BREAK));
    case Beat::GATE_START:
      return static_cast<int>(duties(v1::Duty::GATE_START));
    case Beat::GATE_END:
      return static_cast<int>(duties(v1::Duty::GATE_END));
    default:
      return 0;
  }
}

// The last day of the range on which the commitment is due.
std::optional<absl::CivilDay> LastDue(const Counting& counting, DayRange range) {
  for (absl::CivilDay day = range.end; day >= range.start; --day) {
    if (counting.IsDue(day)) return day;
  }
  return std::nullopt;
}

Beat ModelledLessonBeat(const DayFacts& facts, const Counting& counting, absl::CivilDay day, absl::CivilDay today) {
  const std::optional<DayRange> half_term = HalfTermOf(*facts.calendar, day);
  const DayRange range = half_term.value_or(DayRange{day, day});
  const auto count = std::count_if(facts.modelled_lessons.begin(), facts.modelled_lessons.end(), [&](const TimedLesson& one) {
    return range.Contains(one.day) && counting.Counts(one.leader, one.day);
  });
  const std::optional<absl::CivilDay> last = half_term ? LastDue(counting, range) : std::nullopt;
  const absl::CivilDay date = last.value_or(day);
  return MakeBeat(Beat::MODELLED_LESSON, date, StatusOf(static_cast<int>(count), last.has_value(), date, today),
                  static_cast<int>(count));
}

template <typename Record, typename Field>
void TakeNewest(const std::vector<Record>& records, Field* field) {
  for (std::size_t i = 0; i < records.size() && i < kMaxDayRecords; ++i) *field->Add() = records[i];
}

}  // namespace

DaySpans SpansOf(const calendar::SchoolCalendar& calendar, absl::CivilDay day) {
  DaySpans spans;
  const absl::CivilDay monday = calendar::MondayOf(day);
  spans.week = {monday, monday + 6};
  const int year = calendar::AcademicYearOf(day);
  spans.academic_year = calendar::AcademicYearId(year);
  const auto with_week = [&](DayRange range) {
    return DayRange{std::min(range.start, spans.week.start), std::max(range.end, spans.week.end)};
  };
  spans.drop_ins = with_week(calendar::AcademicYearRange(year));
  spans.modelled_lessons = with_week(HalfTermOf(calendar, day).value_or(spans.week));
  return spans;
}

std::vector<Beat> BeatsOf(const DayFacts& facts, std::string_view caller, absl::CivilDay day, absl::CivilDay today) {
  const Counting counting(facts, caller, day);
  const absl::CivilDay monday = calendar::MondayOf(day);
  std::vector<Beat> beats;
  for (absl::CivilDay date = monday; date < monday + 7; ++date) {
    for (Beat::Kind kind : {Beat::DROP_IN, Beat::BREAK_DUTY, Beat::GATE_START, Beat::GATE_END}) {
      const int count = CountOn(facts, counting, kind, date);
      beats.push_back(MakeBeat(kind, date, StatusOf(count, counting.IsDue(date), date, today), count));
    }
  }
  beats.push_back(ModelledLessonBeat(facts, counting, day, today));
  return beats;
}

std::vector<v1::ClassLastSeen> LeastLatelySeen(const DayFacts& facts, const ClassReach& reach, DayRange days) {
  const auto numbers = NumberNames(facts.names);
  const auto seen = SeenByClass(facts.drop_ins, facts.names, reach, days);
  std::vector<std::pair<const v1::SchoolClass*, const Seen*>> rows;
  for (const v1::SchoolClass& school_class : facts.classes) {
    if (!reach.Includes(school_class)) continue;
    const auto number = numbers.find(school_class.name());
    const auto found = number == numbers.end() ? seen.end() : seen.find(number->second);
    rows.emplace_back(&school_class, found == seen.end() ? nullptr : &found->second);
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    const auto key = [](const auto& row) {
      return std::make_tuple(row.second == nullptr ? absl::InfinitePast() : row.second->last, row.first->year_group(),
                             std::cref(row.first->display_name()), std::cref(row.first->name()));
    };
    return key(a) < key(b);
  });
  if (rows.size() > kMaxDayClasses) rows.resize(kMaxDayClasses);
  std::vector<v1::ClassLastSeen> classes;
  for (const auto& [school_class, one] : rows) classes.push_back(ToClassLastSeen(*school_class, one));
  return classes;
}

v1::LeaderDay LeaderDayOf(const DayFacts& facts, std::string_view caller, const ClassReach& reach, absl::CivilDay day,
                          absl::CivilDay today) {
  v1::LeaderDay leader_day;
  *leader_day.mutable_day() = organisation::ToCalendarDay(*facts.calendar, day);
  const absl::CivilDay monday = calendar::MondayOf(day);
  for (absl::CivilDay date = monday; date < monday + 7; ++date)
    *leader_day.add_week() = organisation::ToCalendarDay(*facts.calendar, date);
  for (Beat& beat : BeatsOf(facts, caller, day, today)) *leader_day.add_beats() = std::move(beat);
  TakeNewest(facts.own_drop_ins, leader_day.mutable_drop_ins());
  TakeNewest(facts.own_duties, leader_day.mutable_duties());
  TakeNewest(facts.own_modelled_lessons, leader_day.mutable_modelled_lessons());
  const DayRange year = calendar::AcademicYearRange(calendar::AcademicYearOf(day));
  for (v1::ClassLastSeen& one : LeastLatelySeen(facts, reach, year)) *leader_day.add_classes() = std::move(one);
  for (std::size_t i = 0; i < facts.focuses.size() && i < kMaxFocuses; ++i) *leader_day.add_focuses() = facts.focuses[i];
  return leader_day;
}

}  // namespace fivestrand::leadership::domain
