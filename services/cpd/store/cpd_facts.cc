#include "services/cpd/store/cpd_facts.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/cpd/v1/coaching.pb.h"
#include "fivestrand/cpd/v1/learning.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/cpd/domain/times.h"
#include "services/cpd/store/records.h"

namespace fivestrand::cpd::store {
namespace {

using domain::SchoolFacts;
using fivestrand::store::Row;
using fivestrand::store::Session;

static_assert(v1::CoachingSession::HELD == 2 && v1::ActionStep::DROPPED == 3);
static_assert(v1::Booking::WAITING == 2 && v1::Booking::CANCELLED == 3);
static_assert(leadership::v1::School::PROPOSED == 1);

// A date column: `otherwise` when there is none.
absl::CivilDay DayOr(const Row& row, int column, absl::CivilDay otherwise) {
  return row.IsNull(column) ? otherwise : calendar::DayOfNumber(row.Int(column));
}

calendar::Cadence CadenceOf(std::int64_t cadence) {
  switch (cadence) {
    case v1::CoachingCycle::WEEKLY:
      return calendar::Cadence::kWeekly;
    case v1::CoachingCycle::MONTHLY:
      return calendar::Cadence::kMonthly;
    case v1::CoachingCycle::HALF_TERMLY:
      return calendar::Cadence::kHalfTermly;
    default:
      return calendar::Cadence::kFortnightly;
  }
}

// Fills the facts of one scope; lives for one read.
class FactsReader {
 public:
  FactsReader(Session& session, std::string_view scope, calendar::DayRange span, absl::Time now, std::vector<SchoolFacts>* schools)
      : session_(session),
        trust_(names::TrustOf(scope)),
        school_(names::SchoolNameOf(scope)),
        span_(span),
        from_(calendar::StartOf(span.start)),
        until_(std::min(calendar::StartOf(span.end + 1), now)),
        now_(now),
        schools_(*schools) {}

  absl::Status ReadSchools(organisation::CalendarReader& calendars, std::string_view scope) {
    const auto add = [&](const Row& row) {
      schools_.emplace_back().name = NameOf(trust_, row.Text(0));
      return absl::OkStatus();
    };
    if (!school_.empty()) {
      FIVESTRAND_RETURN_IF_ERROR(session_.Query("SELECT path FROM school WHERE trust = $1 AND path = $2 AND delete_time IS NULL",
                                                {trust_, resource::PathOf(school_)}, add));
      if (schools_.empty()) return status::NotFound("fivestrand/School", scope);
    } else {
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, session_.QueryOne("SELECT 1 FROM trust WHERE trust = $1", {trust_},
                                                                      [](const Row&) { return absl::OkStatus(); }));
      if (!found) return status::NotFound("fivestrand/Trust", scope);
      // Status 1 is PROPOSED.
      FIVESTRAND_RETURN_IF_ERROR(session_.Query(
          "SELECT path FROM school WHERE trust = $1 AND delete_time IS NULL AND status <> 1 ORDER BY path LIMIT 1000", {trust_},
          add));
    }
    for (std::size_t i = 0; i < schools_.size(); ++i) by_name_[schools_[i].name] = i;
    if (!school_.empty()) {
      FIVESTRAND_ASSIGN_OR_RETURN(schools_[0].calendar, calendars.Read(session_, school_));
      return absl::OkStatus();
    }
    FIVESTRAND_ASSIGN_OR_RETURN(const auto all, calendars.ReadAll(session_, trust_));
    const auto none = std::make_shared<const calendar::SchoolCalendar>();
    for (SchoolFacts& school : schools_) {
      const auto found = all.find(std::string(resource::PathOf(school.name)));
      school.calendar = found == all.end() ? none : found->second;
    }
    return absl::OkStatus();
  }

  absl::Status ReadCoaching() {
    // Where each cycle is, by name.
    absl::flat_hash_map<std::string, std::pair<SchoolFacts*, std::size_t>> cycles;
    FIVESTRAND_RETURN_IF_ERROR(session_.Query(
        absl::StrCat("SELECT path, school, start_date, end_date, cadence FROM coaching_cycle c WHERE c.trust = $1 AND ", Of("c"),
                     " AND delete_time IS NULL AND start_date <= $4 AND (end_date IS NULL OR end_date >= $3)"),
        {trust_, school_, calendar::DateNumber(span_.start), calendar::DateNumber(span_.end)}, [&](const Row& row) {
          SchoolFacts* school = Find(row.Text(1));
          if (school == nullptr) return absl::OkStatus();
          cycles[NameOf(trust_, row.Text(0))] = {school, school->cycles.size()};
          school->cycles.push_back({.days = {calendar::DayOfNumber(row.Int(2)), DayOr(row, 3, domain::kAlways.end)},
                                    .cadence = CadenceOf(row.Int(4)),
                                    .held = {}});
          return absl::OkStatus();
        }));
    // From the beginning of each cycle: what was held before the span can serve a period that reaches into it.
    FIVESTRAND_RETURN_IF_ERROR(session_.Query(
        absl::StrCat("SELECT s.cycle, s.held_time FROM coaching_cycle c JOIN coaching_session s ON s.trust = c.trust AND "
                     "s.cycle = 'trusts/' || c.trust || '/' || c.path WHERE c.trust = $1 AND ",
                     Of("c"),
                     " AND c.delete_time IS NULL AND c.start_date <= $4 AND (c.end_date IS NULL OR c.end_date >= $3) AND "
                     "s.state = 2 AND s.held_time <= $5 AND s.delete_time IS NULL"),
        {trust_, school_, calendar::DateNumber(span_.start), calendar::DateNumber(span_.end), now_}, [&](const Row& row) {
          const auto found = cycles.find(std::string(row.Text(0)));
          if (found == cycles.end() || row.IsNull(1)) return absl::OkStatus();
          found->second.first->cycles[found->second.second].held.push_back(calendar::DayOf(row.Time(1)));
          return absl::OkStatus();
        }));
    return session_.Query(
        absl::StrCat(
            "SELECT s.cycle, s.due_date, s.achieved_date FROM coaching_cycle c JOIN action_step s ON s.trust = c.trust AND "
            "s.cycle = 'trusts/' || c.trust || '/' || c.path WHERE c.trust = $1 AND ",
            Of("c"),
            " AND c.delete_time IS NULL AND s.due_date >= $3 AND s.due_date <= $4 AND s.state <> 3 AND s.delete_time IS "
            "NULL"),
        {trust_, school_, calendar::DateNumber(span_.start), calendar::DateNumber(span_.end)}, [&](const Row& row) {
          const auto found = cycles.find(std::string(row.Text(0)));
          if (found == cycles.end() || row.IsNull(1)) return absl::OkStatus();
          found->second.first->steps.push_back(
              {.due = calendar::DayOfNumber(row.Int(1)),
               .achieved = row.IsNull(2) ? std::nullopt : std::optional<absl::CivilDay>(calendar::DayOfNumber(row.Int(2))),
               .cycle = found->second.second});
          return absl::OkStatus();
        });
  }

  absl::Status ReadLearning() {
    // An event reaches over less than a year; its dates are in the bookings.
    FIVESTRAND_RETURN_IF_ERROR(session_.Query(
        absl::StrCat("SELECT record FROM booking b WHERE b.trust = $1 AND ", Of("b"),
                     " AND delete_time IS NULL AND state NOT IN (2, 3) AND event_end_time >= $3 AND event_start_time < $4"),
        {trust_, school_, from_, until_}, [&](const Row& row) -> absl::Status {
          v1::Booking booking;
          FIVESTRAND_RETURN_IF_ERROR(ParseRecord(row, 0, &booking));
          AddBooking(booking);
          return absl::OkStatus();
        }));
    FIVESTRAND_RETURN_IF_ERROR(session_.Query(
        absl::StrCat("SELECT record FROM evaluation e WHERE e.trust = $1 AND ", Of("e"),
                     " AND delete_time IS NULL AND event_end_time >= $3 AND event_end_time < $4"),
        {trust_, school_, from_, until_}, [&](const Row& row) -> absl::Status {
          v1::Evaluation evaluation;
          FIVESTRAND_RETURN_IF_ERROR(ParseRecord(row, 0, &evaluation));
          double sum = 0;
          int rated = 0;
          for (const int rating : {evaluation.reaction(), evaluation.learning(), evaluation.use_in_practice()}) {
            sum += rating;
            rated += rating > 0 ? 1 : 0;
          }
          if (SchoolFacts* school = Find(evaluation.school()); school != nullptr && rated > 0) {
            school->evaluations.push_back({calendar::DayOf(calendar::ToTime(evaluation.event_end_time())), sum / rated});
          }
          return absl::OkStatus();
        }));
    return session_.Query(
        absl::StrCat("SELECT school, person, start_date, end_date FROM post p WHERE p.trust = $1 AND ", Of("p"),
                     " AND delete_time IS NULL AND start_date <= $4 AND (end_date IS NULL OR end_date >= $3)"),
        {trust_, school_, calendar::DateNumber(span_.start), calendar::DateNumber(span_.end)}, [&](const Row& row) {
          if (SchoolFacts* school = Find(row.Text(0))) {
            school->posts.push_back({{calendar::DayOfNumber(row.Int(2)), DayOr(row, 3, domain::kAlways.end)}, KeyOf(row.Text(1))});
          }
          return absl::OkStatus();
        });
  }

 private:
  // The rows of the scope. $2 is the school, empty for a trust, whose rows without a school are none of its schools'.
  std::string Of(std::string_view table) const {
    return school_.empty() ? absl::StrCat("$2 = '' AND ", AbslView(table), ".school <> ''")
                           : absl::StrCat(AbslView(table), ".school = $2");
  }

  SchoolFacts* Find(std::string_view name) {
    const auto found = by_name_.find(std::string(name));
    return found == by_name_.end() ? nullptr : &schools_[found->second];
  }

  domain::Key KeyOf(std::string_view person) {
    return people_.try_emplace(std::string(person), static_cast<domain::Key>(people_.size())).first->second;
  }

  void AddBooking(const v1::Booking& booking) {
    SchoolFacts* school = Find(booking.school());
    if (school == nullptr) return;
    const domain::Key person = KeyOf(booking.person());
    const absl::Time end = calendar::ToTime(booking.event_end_time());
    if (end <= now_) {
      const bool has_need = !booking.element().empty() || !booking.objective().empty() || !booking.improvement_thread().empty();
      school->bookings.push_back({calendar::DayOf(end), person, has_need});
    }
    for (const v1::Attendance& attendance : booking.attendance()) {
      school->attendance.push_back({calendar::DayOf(calendar::ToTime(attendance.start_time())), person,
                                    attendance.presence() == v1::Attendance::PRESENT, attendance.minutes()});
    }
  }

  Session& session_;
  const std::string_view trust_;
  const std::string_view school_;  // empty for a trust
  const calendar::DayRange span_;
  const absl::Time from_, until_, now_;
  std::vector<SchoolFacts>& schools_;
  absl::flat_hash_map<std::string, std::size_t> by_name_;
  absl::flat_hash_map<std::string, domain::Key> people_;
};

}  // namespace

absl::Status ReadFacts(Session& session, organisation::CalendarReader& calendars, std::string_view scope, calendar::DayRange span,
                       absl::Time now, FactNeeds needs, std::vector<SchoolFacts>* schools) {
  schools->clear();
  FactsReader reader(session, scope, span, now, schools);
  FIVESTRAND_RETURN_IF_ERROR(reader.ReadSchools(calendars, scope));
  if (needs.coaching) FIVESTRAND_RETURN_IF_ERROR(reader.ReadCoaching());
  if (needs.learning) FIVESTRAND_RETURN_IF_ERROR(reader.ReadLearning());
  return absl::OkStatus();
}

}  // namespace fivestrand::cpd::store
