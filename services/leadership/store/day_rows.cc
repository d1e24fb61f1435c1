#include "services/leadership/store/day_rows.h"

#include <string>
#include <vector>

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "services/leadership/domain/day.h"
#include "services/leadership/domain/day_coverage.h"
#include "services/leadership/domain/measures_facts.h"
#include "services/leadership/store/visibility_rows.h"
#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {
namespace {

using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::Session;

#define FIVESTRAND_OF_SCHOOL "trust = $1 AND parent = $2 AND start_time >= $3 AND start_time < $4 AND delete_time IS NULL"
constexpr std::string_view kLooks =
    "SELECT start_time, leader, school_class, subject, teacher, year_group FROM drop_in WHERE " FIVESTRAND_OF_SCHOOL;
constexpr std::string_view kDuties = "SELECT start_time, leader, kind FROM duty WHERE " FIVESTRAND_OF_SCHOOL;
constexpr std::string_view kLessons = "SELECT start_time, leader FROM modelled_lesson WHERE " FIVESTRAND_OF_SCHOOL;
#undef FIVESTRAND_OF_SCHOOL

// As many as LeaderDay shows.
#define FIVESTRAND_OWN                                                                                                           \
  " WHERE trust = $1 AND leader = $2 AND start_time >= $3 AND start_time < $4 AND parent = $5 AND delete_time IS NULL ORDER BY " \
  "start_time DESC, path DESC LIMIT 50"
constexpr std::string_view kOwnDropIns = "SELECT record FROM drop_in" FIVESTRAND_OWN;
constexpr std::string_view kOwnDuties = "SELECT record FROM duty" FIVESTRAND_OWN;
constexpr std::string_view kOwnLessons = "SELECT record FROM modelled_lesson" FIVESTRAND_OWN;
#undef FIVESTRAND_OWN
static_assert(domain::kMaxDayRecords == 50 && domain::kMaxFocuses == 50);

constexpr std::string_view kClasses =
    "SELECT record FROM school_class WHERE trust = $1 AND parent = $2 AND academic_year >= $3 AND academic_year <= $4 AND "
    "delete_time IS NULL "
    "ORDER BY academic_year, path LIMIT 3000";
constexpr std::string_view kFocuses =
    "SELECT record FROM teaching_focus WHERE trust = $1 AND delete_time IS NULL ORDER BY position, path LIMIT 50";
constexpr std::string_view kSubjects =
    "SELECT record FROM subject WHERE trust = $1 AND delete_time IS NULL ORDER BY path LIMIT 1000";
constexpr std::string_view kHolders =
    "SELECT person, start_date, end_date FROM post WHERE trust = $1 AND school = $2 AND kind = 5 AND delete_time IS NULL";

// Where a read looks.
struct Place {
  Session& session;
  std::string_view trust, path;
  Interner& names;
  DayClock& days;
};

absl::Time EndOf(calendar::DayRange range) {
  return calendar::StartOf(range.end + 1);
}

absl::Status ReadLooks(const Place& place, calendar::DayRange range, std::vector<domain::Look>* looks) {
  return place.session.Query(kLooks, {place.trust, place.path, calendar::StartOf(range.start), EndOf(range)}, [&](const Row& row) {
    looks->push_back({.time = row.Time(0),
                      .day = place.days.DayOf(row.Int(0)),
                      .leader = place.names.Number(row.Text(1)),
                      .school_class = place.names.Number(row.Text(2)),
                      .subject = place.names.Number(row.Text(3)),
                      .teacher = place.names.Number(row.Text(4)),
                      .year_group = static_cast<int>(row.Int(5))});
    return absl::OkStatus();
  });
}

absl::Status ReadClasses(const Place& place, const std::string& first_year, const std::string& last_year,
                         std::vector<v1::SchoolClass>* classes) {
  return organisation::ReadRecords(place.session, kClasses, {place.trust, place.path, first_year, last_year}, classes);
}

absl::Status ReadCommitments(const Place& place, std::string_view school, const domain::DaySpans& spans, domain::DayFacts* facts) {
  FIVESTRAND_RETURN_IF_ERROR(place.session.Query(
      kDuties, {place.trust, place.path, calendar::StartOf(spans.week.start), EndOf(spans.week)}, [&](const Row& row) {
        facts->duties.push_back(
            {place.days.DayOf(row.Int(0)), place.names.Number(row.Text(1)), static_cast<v1::Duty::Kind>(row.Int(2))});
        return absl::OkStatus();
      }));
  FIVESTRAND_RETURN_IF_ERROR(place.session.Query(
      kLessons, {place.trust, place.path, calendar::StartOf(spans.modelled_lessons.start), EndOf(spans.modelled_lessons)},
      [&](const Row& row) {
        facts->modelled_lessons.push_back({place.days.DayOf(row.Int(0)), place.names.Number(row.Text(1))});
        return absl::OkStatus();
      }));
  return place.session.Query(kHolders, {place.trust, school}, [&](const Row& row) {
    facts->headteachers.push_back(
        {place.names.Number(row.Text(0)), {DateAt(row, 1, domain::kAlways.start), DateAt(row, 2, domain::kAlways.end)}});
    return absl::OkStatus();
  });
}

absl::Status ReadOwn(const Place& place, std::string_view caller, absl::CivilDay day, domain::DayFacts* facts) {
  const Param params[] = {place.trust, caller, calendar::StartOf(day), calendar::StartOf(day + 1), place.path};
  FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(place.session, kOwnDropIns, params, &facts->own_drop_ins));
  FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(place.session, kOwnDuties, params, &facts->own_duties));
  return organisation::ReadRecords(place.session, kOwnLessons, params, &facts->own_modelled_lessons);
}

}  // namespace

absl::Status ReadDayFacts(Session& session, organisation::CalendarReader& calendars, std::string_view school,
                          std::string_view caller, absl::CivilDay day, domain::DayFacts* facts) {
  FIVESTRAND_RETURN_IF_ERROR(CheckSchool(session, school));
  Interner names;
  DayClock days;
  const Place place{session, names::TrustOf(school), resource::PathOf(school), names, days};
  FIVESTRAND_ASSIGN_OR_RETURN(facts->calendar, calendars.Read(session, school));
  const domain::DaySpans spans = domain::SpansOf(*facts->calendar, day);
  FIVESTRAND_RETURN_IF_ERROR(ReadLooks(place, spans.drop_ins, &facts->drop_ins));
  FIVESTRAND_RETURN_IF_ERROR(ReadCommitments(place, school, spans, facts));
  FIVESTRAND_RETURN_IF_ERROR(ReadOwn(place, caller, day, facts));
  FIVESTRAND_RETURN_IF_ERROR(ReadClasses(place, spans.academic_year, spans.academic_year, &facts->classes));
  FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(session, kFocuses, {place.trust}, &facts->focuses));
  facts->names = names.Take();
  return absl::OkStatus();
}

absl::Status ReadCoverageFacts(Session& session, organisation::CalendarReader& calendars, std::string_view school,
                               std::optional<calendar::DayRange> span, absl::CivilDay today, domain::CoverageFacts* facts) {
  FIVESTRAND_RETURN_IF_ERROR(CheckSchool(session, school));
  Interner names;
  DayClock days;
  const Place place{session, names::TrustOf(school), resource::PathOf(school), names, days};
  FIVESTRAND_ASSIGN_OR_RETURN(facts->calendar, calendars.Read(session, school));
  facts->span = span ? *span : domain::DefaultCoverageSpan(*facts->calendar, today);
  FIVESTRAND_RETURN_IF_ERROR(ReadLooks(place, facts->span, &facts->drop_ins));
  FIVESTRAND_RETURN_IF_ERROR(ReadClasses(place, calendar::AcademicYearId(calendar::AcademicYearOf(facts->span.start)),
                                         calendar::AcademicYearId(calendar::AcademicYearOf(facts->span.end)), &facts->classes));
  FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(session, kSubjects, {place.trust}, &facts->subjects));
  facts->names = names.Take();
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::store
