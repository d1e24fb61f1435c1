#include "services/cpd/store/cpd_evidence.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/cpd/domain/measures.h"
#include "services/cpd/store/cpd_facts.h"
#include "services/cpd/store/records.h"

namespace fivestrand::cpd::store {
namespace {

using calendar::DayRange;
using calendar::Period;
using domain::Figure;
using domain::MeasureId;
using domain::SchoolFacts;
using evidence::EvidenceQuestion;
using evidence::MeasureDefinition;
using evidence::ReadingSeries;
using evidence::v1::PeriodKind;
using evidence::v1::Reading;
using fivestrand::store::Row;
using fivestrand::store::Session;

// How far back a trend goes: twelve terms of a school. A trust has all its schools' records, and a scoreboard of many schools only
// wants the newest periods.
constexpr int kSchoolTrendDays = 366 * 4;
constexpr int kTrustTrendDays = 366 * 2;
constexpr int kFewDays = 366;
constexpr int kFewPeriods = 2;

bool OfTrust(std::string_view scope) {
  return names::SchoolOf(scope).empty();
}

// The days from which records are needed.
DayRange SpanOf(const EvidenceQuestion& question) {
  if (!question.span) {
    const int days = question.newest <= kFewPeriods ? kFewDays : OfTrust(question.scope) ? kTrustTrendDays : kSchoolTrendDays;
    return {question.as_of - days, question.as_of};
  }
  // A period that touches the span may begin before it and end after it, by an academic year at most.
  return {question.span->start - 366, std::min(question.as_of, question.span->end + 366)};
}

// A period of the scope, with that of each school in it; null for a school that has none.
struct ScopePeriod {
  Period period;
  std::vector<const Period*> of_school;
};

// Periods of different schools with the same place are one period of the trust.
using Place = std::pair<absl::CivilDay, int>;
Place PlaceOf(const Period& period) {
  switch (period.cadence) {
    case calendar::Cadence::kDaily:
      return {period.start, 0};
    case calendar::Cadence::kWeekly:
      // A week that two academic years share is cut at 1 September, for some schools and not for others.
      return {calendar::MondayOf(period.start), period.academic_year};
    default:
      return {calendar::AcademicYearRange(period.academic_year).start, period.number};
  }
}

// Reads one scope off the facts of its schools.
class ScopeReader {
 public:
  ScopeReader(const EvidenceQuestion& question, std::string scope, absl::Span<const SchoolFacts> schools)
      : question_(question), scope_(std::move(scope)), schools_(schools), as_of_{question.as_of, question.day_still_open} {}

  ReadingSeries Read(const MeasureDefinition& measure) {
    ReadingSeries series{.measure = &measure, .scope = scope_, .readings = {}, .latest = std::nullopt};
    const evidence::ReadingContext context{.measure = measure,
                                           .scope = scope_,
                                           .as_of = question_.as_of,
                                           .compute_time = question_.now,
                                           .day_still_open = question_.day_still_open};
    const PeriodKind kind =
        question_.span && question_.kind != evidence::v1::PERIOD_KIND_UNSPECIFIED ? question_.kind : measure.period_kind;
    const Laid& laid = Lay(kind);
    for (const ScopePeriod& period : laid.scope) series.readings.push_back(ReadOne(context, kind, period));
    if (!PlansAny(question_.as_of) && (!question_.span || series.readings.empty())) series.latest = NoCalendarReading(context);
    return series;
  }

 private:
  struct Laid {
    std::vector<std::vector<Period>> periods;  // of each school
    std::vector<ScopePeriod> scope;            // oldest first
  };

  const Laid& Lay(PeriodKind kind) {
    auto [found, is_new] = laid_.try_emplace(kind);
    Laid& laid = found->second;
    if (!is_new) return laid;
    std::map<Place, ScopePeriod> by_place;
    laid.periods.reserve(schools_.size());
    for (std::size_t i = 0; i < schools_.size(); ++i) {
      const calendar::SchoolCalendar& calendar = *schools_[i].calendar;
      laid.periods.push_back(question_.span ? evidence::ReadingPeriods(calendar, kind, *question_.span, question_.as_of)
                                            : evidence::TrendPeriods(calendar, kind, question_.as_of, question_.newest));
      for (const Period& period : laid.periods.back()) {
        // Of what began before the records do, part would be missing.
        if (!question_.span && period.start < SpanOf(question_).start) continue;
        auto [at, first] = by_place.try_emplace(PlaceOf(period));
        ScopePeriod& whole = at->second;
        if (first) {
          whole.period = period;
          whole.of_school.resize(schools_.size(), nullptr);
        }
        whole.period.start = std::min(whole.period.start, period.start);
        whole.period.end = std::max(whole.period.end, period.end);
        whole.period.school_days = std::max(whole.period.school_days, period.school_days);
        whole.of_school[i] = &period;
      }
    }
    const int limit = question_.span ? evidence::kMaxReadings : question_.newest;
    for (auto& [place, whole] : by_place) laid.scope.push_back(std::move(whole));
    if (laid.scope.size() > static_cast<std::size_t>(limit)) laid.scope.erase(laid.scope.begin(), laid.scope.end() - limit);
    return laid;
  }

  bool PlansAny(absl::CivilDay day) const {
    return std::any_of(schools_.begin(), schools_.end(), [&](const SchoolFacts& school) {
      return school.calendar->FindYear(calendar::AcademicYearOf(day)) != nullptr;
    });
  }

  Reading ReadOne(const evidence::ReadingContext& context, PeriodKind kind, const ScopePeriod& whole) const {
    const MeasureId id = domain::IdOf(context.measure);
    if (domain::OfCoaching(id) && !question_.show_small) return evidence::NoReading(context, whole.period, evidence::v1::NOT_YOURS);
    // Periods of different length over the same days would give back what one of them hides.
    if (kind != context.measure.period_kind && id != MeasureId::kActiveCycles)
      return evidence::NoReading(context, whole.period, evidence::v1::TOO_FEW);
    std::vector<Figure> figures;
    for (std::size_t i = 0; i < schools_.size(); ++i) {
      if (whole.of_school[i] != nullptr) figures.push_back(domain::FigureOf(id, schools_[i], whole.of_school[i]->range(), as_of_));
    }
    const Figure figure = figures.size() == 1 ? figures[0] : domain::Together(id, figures);
    if (figure.denominator == 0) return evidence::NoReading(context, whole.period, evidence::v1::NOTHING_CONCLUDED);
    if (!domain::EnoughFor(id, figure.n)) return evidence::NoReading(context, whole.period, evidence::v1::TOO_FEW);
    Reading reading = evidence::ShareReading(context, whole.period, figure.numerator, figure.denominator);
    reading.set_sample_size(figure.n);
    // What is counted up begins at nothing: until the period closes, only having enough can be judged.
    const bool adds_up = id == MeasureId::kActiveCycles || id == MeasureId::kHoursPerPerson || id == MeasureId::kStepsAchieved;
    if (adds_up && !reading.final() && reading.band() != evidence::v1::GREEN) reading.clear_band();
    if (question_.with_records && !domain::OfCoaching(id)) AddRecords(whole.period.range(), reading);
    return reading;
  }

  void AddRecords(DayRange days, Reading& reading) const {
    const auto quoted = [](absl::Time time) {
      return absl::StrCat("\"", absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()), "\"");
    };
    evidence::v1::RecordQuery& query = *reading.add_records();
    query.set_collection(absl::StrCat(AbslView(names::TrustNameOf(scope_)), "/bookings"));
    query.set_filter(absl::StrCat("event_end_time >= ", quoted(calendar::StartOf(days.start)), " AND event_end_time < ",
                                  quoted(calendar::StartOf(days.end + 1))));
    if (!OfTrust(scope_)) absl::StrAppend(query.mutable_filter(), " AND school = \"", scope_, "\"");
  }

  const EvidenceQuestion& question_;
  const std::string scope_;
  const absl::Span<const SchoolFacts> schools_;
  const domain::AsOf as_of_;
  std::map<PeriodKind, Laid> laid_;
};

}  // namespace

absl::Span<const MeasureDefinition> CpdEvidence::measures() const {
  return domain::Measures();
}

std::string_view CpdEvidence::RecordsPermission(const MeasureDefinition& measure) const {
  return domain::OfCoaching(domain::IdOf(measure)) ? std::string_view() : "cpd.bookings.list";
}

absl::Status CpdEvidence::ListScopes(Session& session, std::vector<std::string>* scopes) const {
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT trust FROM trust WHERE delete_time IS NULL ORDER BY trust LIMIT 10000", {}, [&](const Row& row) {
        scopes->push_back(absl::StrCat("trusts/", AbslView(row.Text(0))));
        return absl::OkStatus();
      }));
  // Status 1 is PROPOSED.
  return session.Query("SELECT trust, path FROM school WHERE delete_time IS NULL AND status <> 1 ORDER BY trust, path LIMIT 100000",
                       {}, [&](const Row& row) {
                         scopes->push_back(NameOf(row.Text(0), row.Text(1)));
                         return absl::OkStatus();
                       });
}

absl::Status CpdEvidence::Read(Session& session, const EvidenceQuestion& question, std::vector<ReadingSeries>* series) const {
  FactNeeds needs;
  for (const MeasureDefinition* measure : question.measures) {
    const bool coaching = domain::OfCoaching(domain::IdOf(*measure));
    // What nobody may see is not looked at.
    needs.coaching = needs.coaching || (coaching && question.show_small);
    needs.learning = needs.learning || !coaching;
  }
  std::vector<SchoolFacts> schools;
  FIVESTRAND_RETURN_IF_ERROR(ReadFacts(session, *calendars_, question.scope, SpanOf(question), question.now, needs, &schools));
  if (!question.each_school) {
    ScopeReader reader(question, question.scope, schools);
    for (const MeasureDefinition* measure : question.measures) series->push_back(reader.Read(*measure));
    return absl::OkStatus();
  }
  for (const SchoolFacts& school : schools) {
    ScopeReader reader(question, school.name, absl::MakeConstSpan(&school, 1));
    for (const MeasureDefinition* measure : question.measures) series->push_back(reader.Read(*measure));
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::cpd::store
