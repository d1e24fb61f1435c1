#include "services/leadership/store/visibility_rows.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {
namespace {

using domain::Needs;
using domain::SchoolFacts;
using domain::TrustFacts;
using fivestrand::store::Param;
using fivestrand::store::Params;
using fivestrand::store::Row;
using fivestrand::store::Session;

// Of one school: $2 is its path. Of a trust: its schools, so that the indexes that begin with trust and parent serve.
#define FIVESTRAND_OF_SCHOOL "trust = $1 AND parent = $2 AND start_time >= $3 AND start_time < $4 AND delete_time IS NULL"
#define FIVESTRAND_OF_TRUST                                                                                               \
  "trust = $1 AND parent IN (SELECT path FROM school WHERE trust = $1 AND delete_time IS NULL) AND start_time >= $2 AND " \
  "start_time < $3 "                                                                                                      \
  "AND delete_time IS NULL"

struct Texts {
  std::string_view of_school;
  std::string_view of_trust;
};

constexpr Texts kDropIns = {"SELECT parent, start_time, leader, school_class FROM drop_in WHERE " FIVESTRAND_OF_SCHOOL,
                            "SELECT parent, start_time, leader, school_class FROM drop_in WHERE " FIVESTRAND_OF_TRUST};
constexpr Texts kDuties = {"SELECT parent, start_time, leader, kind FROM duty WHERE " FIVESTRAND_OF_SCHOOL,
                           "SELECT parent, start_time, leader, kind FROM duty WHERE " FIVESTRAND_OF_TRUST};
constexpr Texts kLessons = {"SELECT parent, start_time, leader FROM modelled_lesson WHERE " FIVESTRAND_OF_SCHOOL,
                            "SELECT parent, start_time, leader FROM modelled_lesson WHERE " FIVESTRAND_OF_TRUST};
// State 2 is MADE.
static_assert(v1::Visit::MADE == 2);
constexpr Texts kVisits = {"SELECT parent, start_time FROM visit WHERE state = 2 AND " FIVESTRAND_OF_SCHOOL,
                           "SELECT parent, start_time FROM visit WHERE state = 2 AND " FIVESTRAND_OF_TRUST};
constexpr Texts kLastVisits = {
    "SELECT parent, start_time FROM visit WHERE trust = $1 AND parent = $2 AND start_time < $3 AND state = 2 AND delete_time IS "
    "NULL "
    "ORDER BY start_time DESC LIMIT 1",
    "SELECT s.path, (SELECT v.start_time FROM visit v WHERE v.trust = s.trust AND v.parent = s.path AND v.start_time < $2 AND "
    "v.state = 2 "
    "AND v.delete_time IS NULL ORDER BY v.start_time DESC LIMIT 1) FROM school s WHERE s.trust = $1 AND s.delete_time IS NULL"};
// Years compare as texts.
constexpr Texts kClasses = {
    "SELECT parent, path, academic_year FROM school_class WHERE trust = $1 AND parent = $2 AND academic_year >= $3 AND "
    "academic_year <= $4 "
    "AND delete_time IS NULL",
    "SELECT parent, path, academic_year FROM school_class WHERE trust = $1 AND parent IN (SELECT path FROM school WHERE trust = $1 "
    "AND "
    "delete_time IS NULL) AND academic_year >= $2 AND academic_year <= $3 AND delete_time IS NULL"};
// Kind 5 is HEADTEACHER.
static_assert(v1::Post::HEADTEACHER == 5);
constexpr Texts kPosts = {
    "SELECT school, person, start_date, end_date FROM post WHERE trust = $1 AND school = $2 AND kind = 5 AND delete_time IS NULL",
    "SELECT school, person, start_date, end_date FROM post WHERE trust = $1 AND kind = 5 AND delete_time IS NULL"};

#undef FIVESTRAND_OF_SCHOOL
#undef FIVESTRAND_OF_TRUST

constexpr std::string_view kSchool = "SELECT record FROM school WHERE trust = $1 AND path = $2 AND delete_time IS NULL";
// Status 1 is PROPOSED. More schools than this are no trust.
static_assert(v1::School::PROPOSED == 1);
constexpr std::string_view kSchools =
    "SELECT record FROM school WHERE trust = $1 AND delete_time IS NULL AND status <> 1 ORDER BY path LIMIT 1000";
constexpr std::string_view kTrust = "SELECT 1 FROM trust WHERE trust = $1";

// Days on which the school runs; empty when it does not.
calendar::DayRange OpenDays(const v1::School& school) {
  const calendar::DayRange never{domain::kAlways.end, domain::kAlways.start};
  const auto opened = calendar::FromProto(school.open_date()), closed = calendar::FromProto(school.close_date());
  if (school.status() == v1::School::PROPOSED || (school.status() == v1::School::CLOSED && !closed)) return never;
  return {opened.value_or(domain::kAlways.start), closed.value_or(domain::kAlways.end)};
}

// Fills one TrustFacts; lives for one read.
class FactsReader {
 public:
  FactsReader(Session& session, std::string_view scope, absl::Time from, absl::Time until, TrustFacts* facts)
      : session_(session),
        trust_(names::TrustOf(scope)),
        school_(names::SchoolOf(scope).empty() ? "" : resource::PathOf(scope)),
        from_(from),
        until_(until),
        facts_(facts) {}

  absl::Status ReadSchools(std::string_view scope, organisation::CalendarReader& calendars) {
    facts_->trust = std::string(names::TrustNameOf(scope));
    std::vector<v1::School> schools;
    if (OfSchool()) {
      FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(session_, kSchool, {trust_, school_}, &schools));
      if (schools.empty()) return status::NotFound("fivestrand/School", scope);
    } else {
      FIVESTRAND_ASSIGN_OR_RETURN(bool found, session_.QueryOne(kTrust, {trust_}, [](const Row&) { return absl::OkStatus(); }));
      if (!found) return status::NotFound("fivestrand/Trust", scope);
      FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(session_, kSchools, {trust_}, &schools));
    }
    for (const v1::School& school : schools) {
      SchoolFacts& one = facts_->schools.emplace_back();
      one.name = school.name();
      one.open = OpenDays(school);
    }
    return ReadCalendars(calendars);
  }

  absl::Status ReadVisits() {
    FIVESTRAND_RETURN_IF_ERROR(
        ReadTimed(kVisits, [](SchoolFacts& school, absl::CivilDay day, const Row&) { school.visits.push_back(day); }));
    const auto add = [this](const Row& row) {
      SchoolFacts* school = Find(row.Text(0));
      if (school != nullptr && !row.IsNull(1)) school->visits.push_back(days_.DayOf(row.Int(1)));
      return absl::OkStatus();
    };
    return OfSchool() ? session_.Query(kLastVisits.of_school, {trust_, school_, from_}, add)
                      : session_.Query(kLastVisits.of_trust, {trust_, from_}, add);
  }

  absl::Status ReadDropIns() {
    return ReadTimed(kDropIns, [this](SchoolFacts& school, absl::CivilDay day, const Row& row) {
      school.drop_ins.push_back({day, people_.Number(row.Text(2)), classes_.Number(resource::PathOf(row.Text(3)))});
    });
  }

  absl::Status ReadDuties() {
    return ReadTimed(kDuties, [this](SchoolFacts& school, absl::CivilDay day, const Row& row) {
      school.duties.push_back({day, people_.Number(row.Text(2)), static_cast<v1::Duty::Kind>(row.Int(3))});
    });
  }

  absl::Status ReadLessons() {
    return ReadTimed(kLessons, [this](SchoolFacts& school, absl::CivilDay day, const Row& row) {
      school.modelled_lessons.push_back({day, people_.Number(row.Text(2))});
    });
  }

  absl::Status ReadClasses(absl::CivilDay from, absl::CivilDay until) {
    const std::string first = calendar::AcademicYearId(calendar::AcademicYearOf(from)),
                      last = calendar::AcademicYearId(calendar::AcademicYearOf(until));
    const auto add = [this](const Row& row) {
      SchoolFacts* school = Find(row.Text(0));
      const std::optional<int> year = calendar::ParseAcademicYearId(row.Text(2));
      if (school != nullptr && year) school->classes.push_back({classes_.Number(row.Text(1)), *year});
      return absl::OkStatus();
    };
    return OfSchool() ? session_.Query(kClasses.of_school, {trust_, school_, first, last}, add)
                      : session_.Query(kClasses.of_trust, {trust_, first, last}, add);
  }

  absl::Status ReadPosts() {
    const auto add = [this](const Row& row) {
      SchoolFacts* school = Find(resource::PathOf(row.Text(0)));
      if (school == nullptr) return absl::OkStatus();
      school->headteachers.push_back(
          {people_.Number(row.Text(1)), {DateAt(row, 2, domain::kAlways.start), DateAt(row, 3, domain::kAlways.end)}});
      return absl::OkStatus();
    };
    if (!OfSchool()) return session_.Query(kPosts.of_trust, {trust_}, add);
    return session_.Query(kPosts.of_school, {trust_, facts_->schools.front().name}, add);
  }

  void Finish() { facts_->people = people_.Take(); }

 private:
  bool OfSchool() const { return !school_.empty(); }

  absl::Status ReadCalendars(organisation::CalendarReader& calendars) {
    if (OfSchool()) {
      FIVESTRAND_ASSIGN_OR_RETURN(facts_->schools.front().calendar, calendars.Read(session_, facts_->schools.front().name));
    } else {
      FIVESTRAND_ASSIGN_OR_RETURN(auto by_path, calendars.ReadAll(session_, trust_));
      const auto none = std::make_shared<const calendar::SchoolCalendar>();
      for (SchoolFacts& school : facts_->schools) {
        const auto found = by_path.find(std::string(resource::PathOf(school.name)));
        school.calendar = found == by_path.end() ? none : found->second;
      }
    }
    for (std::size_t i = 0; i < facts_->schools.size(); ++i) by_path_.emplace(resource::PathOf(facts_->schools[i].name), i);
    return absl::OkStatus();
  }

  template <typename Each>
  absl::Status ReadTimed(const Texts& texts, Each each) {
    const auto add = [&](const Row& row) {
      SchoolFacts* school = Find(row.Text(0));
      if (school != nullptr) each(*school, days_.DayOf(row.Int(1)), row);
      return absl::OkStatus();
    };
    return OfSchool() ? session_.Query(texts.of_school, {trust_, school_, from_, until_}, add)
                      : session_.Query(texts.of_trust, {trust_, from_, until_}, add);
  }

  // Null for a school that does not count. Rows of one school come together.
  SchoolFacts* Find(std::string_view path) {
    if (last_ != nullptr && path == last_path_) return last_;
    const auto found = by_path_.find(std::string(path));
    if (found == by_path_.end()) return nullptr;
    last_path_ = found->first;
    return last_ = &facts_->schools[found->second];
  }

  Session& session_;
  const std::string_view trust_;
  const std::string_view school_;  // path; empty for the trust
  const absl::Time from_, until_;
  TrustFacts* const facts_;
  absl::flat_hash_map<std::string, std::size_t> by_path_;
  std::string_view last_path_;
  SchoolFacts* last_ = nullptr;
  Interner people_, classes_;
  DayClock days_;
};

}  // namespace

std::int32_t Interner::Number(std::string_view text) {
  const auto found = numbers_.find(AbslView(text));
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::int32_t>(texts_.size());
  texts_.emplace_back(text);
  numbers_.emplace(texts_.back(), number);
  return number;
}

absl::CivilDay DayClock::DayOf(std::int64_t micros) {
  if (micros < from_ || micros >= until_) {
    day_ = calendar::DayOf(fivestrand::store::FromMicros(micros));
    from_ = fivestrand::store::ToMicros(calendar::StartOf(day_));
    until_ = fivestrand::store::ToMicros(calendar::StartOf(day_ + 1));
  }
  return day_;
}

absl::CivilDay DateAt(const Row& row, int column, absl::CivilDay otherwise) {
  if (row.IsNull(column)) return otherwise;
  const std::int64_t number = row.Int(column);
  return calendar::DayOfNumber(number);
}

absl::Status CheckSchool(Session& session, std::string_view school) {
  FIVESTRAND_ASSIGN_OR_RETURN(
      bool found,
      session.QueryOne("SELECT 1 FROM school WHERE trust = $1 AND path = $2 AND delete_time IS NULL",
                       {names::TrustOf(school), resource::PathOf(school)}, [](const Row&) { return absl::OkStatus(); }));
  return found ? absl::OkStatus() : status::NotFound("fivestrand/School", school);
}

absl::Status ListTrusts(Session& session, std::vector<std::string>* trusts) {
  return session.Query("SELECT trust FROM trust ORDER BY trust LIMIT 10000", {}, [&](const Row& row) {
    trusts->push_back(absl::StrCat("trusts/", AbslView(row.Text(0))));
    return absl::OkStatus();
  });
}

absl::Status ReadTrustFacts(Session& session, organisation::CalendarReader& calendars, std::string_view scope, absl::CivilDay from,
                            absl::CivilDay until, absl::Time now, const Needs& needs, TrustFacts* facts) {
  const absl::Time end = std::min(calendar::StartOf(until + 1), now + absl::Microseconds(1));
  FactsReader reader(session, scope, calendar::StartOf(from), end, facts);
  FIVESTRAND_RETURN_IF_ERROR(reader.ReadSchools(scope, calendars));
  if (needs.visits) FIVESTRAND_RETURN_IF_ERROR(reader.ReadVisits());
  if (needs.drop_ins) FIVESTRAND_RETURN_IF_ERROR(reader.ReadDropIns());
  if (needs.duties) FIVESTRAND_RETURN_IF_ERROR(reader.ReadDuties());
  if (needs.modelled_lessons) FIVESTRAND_RETURN_IF_ERROR(reader.ReadLessons());
  if (needs.classes) FIVESTRAND_RETURN_IF_ERROR(reader.ReadClasses(from, until));
  if (needs.posts) FIVESTRAND_RETURN_IF_ERROR(reader.ReadPosts());
  reader.Finish();
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::store
