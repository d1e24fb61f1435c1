#include "services/leadership/domain/measures_records.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/evidence/reading.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::DayRange;
using evidence::v1::Reading;

std::string Quoted(absl::Time time) {
  return absl::StrCat("\"", absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()), "\"");
}

std::string Within(DayRange days) {
  return absl::StrCat("start_time >= ", Quoted(calendar::StartOf(days.start)), " AND start_time < ",
                      Quoted(calendar::StartOf(days.end + 1)));
}

void Add(std::string_view scope, MeasureId id, std::string filter, Reading& reading) {
  evidence::v1::RecordQuery* query = reading.add_records();
  query->set_collection(absl::StrCat(std::string(scope), "/", std::string(RecordsCollection(id))));
  query->set_filter(std::move(filter));
}

// The days that the reading is about, no further than as_of.
std::optional<DayRange> DaysOf(const Reading& reading, absl::CivilDay as_of) {
  const auto start = calendar::FromProto(reading.period().start_date());
  const auto end = calendar::FromProto(reading.period().end_date());
  if (!start || !end) return std::nullopt;
  const DayRange days{*start, std::min(*end, as_of)};
  return days.empty() ? std::nullopt : std::optional(days);
}

std::vector<std::string> Kinds(MeasureId id) {
  switch (id) {
    case MeasureId::kBreakDutyDays:
      return {"kind = BREAK AND "};
    case MeasureId::kGateDays:
      return {"kind = GATE_START AND ", "kind = GATE_END AND "};
    default:
      return {""};
  }
}

void AddOfHeadteachers(MeasureId id, const TrustFacts& facts, const SchoolFacts& school, DayRange days, Reading& reading) {
  const std::vector<std::string> kinds = Kinds(id);
  for (const Tenure& tenure : school.headteachers) {
    const DayRange held{std::max(tenure.days.start, days.start), std::min(tenure.days.end, days.end)};
    if (held.empty()) continue;
    for (const std::string& kind : kinds) {
      Add(school.name, id,
          absl::StrCat("leader = \"", facts.people[static_cast<std::size_t>(tenure.person)], "\" AND ", kind, Within(held)),
          reading);
    }
  }
  if (reading.records_size() > kMaxRecordQueries) reading.clear_records();
}

bool HasSamePeriod(const SchoolFacts& school, const Reading& reading) {
  const auto cadence = evidence::CadenceOf(reading.period().kind());
  const auto start = calendar::FromProto(reading.period().start_date());
  const auto end = calendar::FromProto(reading.period().end_date());
  if (!cadence || !start || !end) return false;
  const auto period = calendar::PeriodOf(*start, *cadence, *school.calendar);
  return period && period->start == *start && period->end == *end;
}

}  // namespace

std::string_view RecordsPermission(MeasureId id) {
  switch (id) {
    case MeasureId::kDaysSinceVisit:
    case MeasureId::kVisits:
    case MeasureId::kSchoolsSeen:
      return "leadership.visits.list";
    case MeasureId::kDropInDays:
    case MeasureId::kClassCoverage:
      return "leadership.dropIns.list";
    case MeasureId::kBreakDutyDays:
    case MeasureId::kGateDays:
      return "leadership.duties.list";
    case MeasureId::kModelledLessons:
      return "leadership.modelledLessons.list";
  }
  return {};
}

std::string_view RecordsCollection(MeasureId id) {
  std::string_view collection = RecordsPermission(id);
  collection.remove_prefix(std::string_view("leadership.").size());
  collection.remove_suffix(std::string_view(".list").size());
  return collection;
}

void AddRecordQueries(MeasureId id, const TrustFacts& facts, const SchoolFacts& school, absl::CivilDay as_of, Reading& reading) {
  if (!reading.has_value()) return;
  const std::optional<DayRange> days = DaysOf(reading, as_of);
  if (!days) return;
  switch (id) {
    case MeasureId::kDaysSinceVisit: {
      // The one that the days are counted from.
      const absl::CivilDay last = days->end - static_cast<absl::civil_diff_t>(reading.value());
      return Add(school.name, id, absl::StrCat("state = MADE AND ", Within({last, last})), reading);
    }
    case MeasureId::kVisits:
    case MeasureId::kSchoolsSeen:
      return Add(school.name, id, absl::StrCat("state = MADE AND ", Within(*days)), reading);
    case MeasureId::kClassCoverage:
      return Add(school.name, id, Within(*days), reading);
    case MeasureId::kDropInDays:
    case MeasureId::kBreakDutyDays:
    case MeasureId::kGateDays:
    case MeasureId::kModelledLessons:
      return AddOfHeadteachers(id, facts, school, *days, reading);
  }
}

void AddTrustRecordQueries(MeasureId id, const TrustFacts& facts, absl::CivilDay as_of, Reading& reading) {
  const bool of_visits = id == MeasureId::kVisits || id == MeasureId::kSchoolsSeen;
  if (!reading.has_value() || (!of_visits && id != MeasureId::kClassCoverage)) return;
  const std::optional<DayRange> days = DaysOf(reading, as_of);
  if (!days) return;
  for (const SchoolFacts& school : facts.schools) {
    if (!HasSamePeriod(school, reading)) return;
  }
  Add(absl::StrCat(facts.trust, "/schools/-"), id, absl::StrCat(of_visits ? "state = MADE AND " : "", Within(*days)), reading);
}

}  // namespace fivestrand::leadership::domain
